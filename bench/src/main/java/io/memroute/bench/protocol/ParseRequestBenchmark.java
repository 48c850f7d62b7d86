package io.memroute.bench.protocol;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per request line, out of a buffer with {@value #PIPELINED} of them: as a worker meets them when clients
 * pipeline. Keys differ in length, so that branches are not learnt by heart.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
public class ParseRequestBenchmark {
    static final int PIPELINED = 64;

    @Param({
        "get %s",
        "mg %s v",
        "mg %s t v k O%d q",
        "set %s 0 0 0",
        "ms %s 0 T30 F5",
        "delete %s",
        "gets %1$s %1$s %1$s %1$s"
    })
    public String form;

    private final RequestParser parser = new RequestParser();
    private final Request request = new Request();
    private ByteBuf buffer;
    private int length;

    @Setup
    public void fill() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < PIPELINED; i++) {
            String key = "key:" + "x".repeat(i * 7 % 23) + (1000 + i);
            lines.append(form.formatted(key, i)).append("\r\n");
        }
        buffer = Unpooled.directBuffer(lines.length())
                .writeBytes(lines.toString().getBytes(StandardCharsets.US_ASCII));
        length = buffer.writerIndex();
    }

    /** Parses all lines; the result keeps the compiler from leaving any part out. */
    @Benchmark
    @OperationsPerInvocation(PIPELINED)
    public int parse() {
        int sum = 0;
        for (int at = 0; at < length; at = request.end()) {
            sum += parser.parse(buffer, at, length, request);
            sum += request.keyIndex() + request.keyLength() + request.command().id();
        }
        return sum;
    }
}
