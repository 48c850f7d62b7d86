package io.memroute.bench.hash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeyFilter;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.RingMode;
import io.memroute.proxy.hash.ServerName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Picking the backend of a 20-byte key among ten: what every request pays once for each pool it is sent to. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SelectBenchmark {

    private static final int KEYS = 1024;
    private static final int KEY_BYTES = 20;

    /** A filter, hash and distribution, as an operator would combine them. */
    public enum Selection {
        XXH3_JUMP(HashFunction.XXH3, Optional.empty(), new Distribution.Jump()),
        XXH3_TAGS_JUMP(
                HashFunction.XXH3, Optional.of(new KeyFilter(KeyFilter.Kind.TAGS, "{}")), new Distribution.Jump()),
        XXH3_RING(HashFunction.XXH3, Optional.empty(), new Distribution.RingOf(RingMode.DEFAULT, 160)),
        MD5_KETAMA(HashFunction.MD5, Optional.empty(), new Distribution.RingOf(RingMode.KETAMA, 160));

        private final KeySelection selection;

        Selection(HashFunction hash, Optional<KeyFilter> filter, Distribution distribution) {
            selection = new KeySelection(hash, Optional.empty(), filter, distribution);
        }
    }

    @Param
    public Selection selection;

    @Param({"true", "false"})
    public boolean direct;

    private KeyDistributor distributor;
    private ByteBuf keys;
    private int next;

    @Setup
    public void buildTenServers() {
        List<ServerName> servers = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new ServerName("10.0.0." + i, 11211))
                .toList();
        distributor = KeyDistributor.of(selection.selection, servers);
        keys = direct
                ? PooledByteBufAllocator.DEFAULT.directBuffer(KEYS * KEY_BYTES)
                : PooledByteBufAllocator.DEFAULT.heapBuffer(KEYS * KEY_BYTES);
        for (int i = 0; i < KEYS; i++) {
            keys.writeCharSequence(String.format("user:{%06d}:profil", i), US_ASCII);
        }
        if (keys.readableBytes() != KEYS * KEY_BYTES) {
            throw new IllegalStateException("keys are not " + KEY_BYTES + " bytes long");
        }
    }

    @TearDown
    public void release() {
        keys.release();
    }

    @Benchmark
    public int select() {
        next = (next + 1) & (KEYS - 1);
        return distributor.select(keys, next * KEY_BYTES, KEY_BYTES);
    }
}
