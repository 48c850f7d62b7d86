package io.memroute.bench.hash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.scheme.Schemes;
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

/** Picking the backend of a 20-byte key among ten as other proxies and clients do. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SchemeBenchmark {

    private static final int KEYS = 1024;
    private static final int KEY_BYTES = 20;

    @Param({
        "weighted-rendezvous",
        "weighted-jump",
        "twemproxy-ketama",
        "twemproxy-modula",
        "mcrouter-ch3",
        "mcrouter-crc32",
        "mcrouter-weighted-ch3",
        "mcrouter-rendezvous",
        "mcrouter-weighted-rendezvous",
        "mcrouter-const-shard",
        "libmemcached",
        "libmemcached-ketama",
        "libmemcached-ketama-weighted",
        "libmemcached-ketama-spy",
        "pecl-memcache-consistent",
        "pecl-memcache-standard",
        "pymemcache",
        "pymemcache-bytes",
        "python-memcached",
        "dalli",
        "gomemcache",
        "thanos",
        "memjs",
        "npm-memcached",
        "hashring",
        "hashring-hash-ring",
        "spymemcached",
        "spymemcached-ketama",
        "spymemcached-ketama-libmemcached",
        "xmemcached",
        "xmemcached-ketama",
        "xmemcached-ketama-nginx",
        "xmemcached-ketama-gwhalin",
        "xmemcached-libmemcached",
        "xmemcached-php",
        "xmemcached-election",
        "evcache"
    })
    public String placement;

    private KeyDistributor distributor;
    private ByteBuf keys;
    private int next;

    @Setup
    public void buildTenServers() {
        Scheme scheme = Schemes.named(placement).orElseThrow();
        List<ServerName> servers = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new ServerName("10.0.0." + i, 11211))
                .toList();
        distributor = KeyDistributor.of(
                new KeySelection(
                        scheme.defaultHash(), Optional.empty(), Optional.empty(), new Distribution.SchemeOf(scheme)),
                servers);
        keys = PooledByteBufAllocator.DEFAULT.directBuffer(KEYS * KEY_BYTES);
        for (int i = 0; i < KEYS; i++) {
            keys.writeCharSequence(String.format("user:{%06d}:profil", i), US_ASCII);
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
