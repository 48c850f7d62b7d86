package io.memroute.bench.protocol;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
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

/** Nanoseconds per reply line, out of a buffer with {@value #PIPELINED} of them, values of 100 bytes skipped. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
public class ParseReplyBenchmark {
    static final int PIPELINED = 64;

    @Param({"VALUE key:%s 0 100", "VA 100", "VA 100 t-1 O%2$d", "END", "EN", "HD", "STORED", "NOT_FOUND"})
    public String form;

    private final Reply reply = new Reply();
    private ByteBuf buffer;
    private int length;

    @Setup
    public void fill() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < PIPELINED; i++) {
            lines.append(form.formatted("x".repeat(i * 7 % 23), i)).append("\r\n");
            if (form.startsWith("VA")) {
                lines.append("v".repeat(100)).append("\r\n");
            }
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
        int at = 0;
        while (at < length) {
            sum += ReplyParser.parse(buffer, at, length, reply);
            int value = reply.valueLength();
            sum += value;
            at = reply.end() + (value < 0 ? 0 : value + 2);
        }
        return sum + reply.code();
    }
}
