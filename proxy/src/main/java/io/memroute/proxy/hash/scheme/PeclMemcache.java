package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Ring;
import io.memroute.proxy.hash.RingPoints;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import io.memroute.proxy.hash.function.BytesHash;
import java.util.List;

/** The strategies of PHP's extension memcache (without d): {@code memcache.hash_strategy}. */
final class PeclMemcache {

    private static final int BUCKETS = 1024;
    private static final long BUCKET_STEP = 0xffff_ffffL / BUCKETS;

    static final Scheme CONSISTENT = Scheme.named("pecl-memcache-consistent")
            .hash("crc32", HashFunction.CRC32)
            .hash("fnv", HashFunction.FNV1A_32)
            .weights(Weights.MULTIPLES_OF_POINTS)
            .byName()
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), buckets(servers, hash.bytes())));

    static final Scheme STANDARD = Scheme.named("pecl-memcache-standard")
            .hash("crc32", HashFunction.CRC32)
            .hash("fnv", HashFunction.FNV1A_32)
            .weights(Weights.PLACES)
            .by((servers, hash, seed) -> KeyLocator.of(middle(hash.bytes()), Modulo.of(servers)));

    private PeclMemcache() {}

    /** Fifteen bits from the middle of a hash, 1 for 0. */
    private static BytesHash middle(BytesHash hash) {
        return (bytes, index, length) -> {
            long middle = hash.of(bytes, index, length) >>> 16 & 0x7fff;
            return middle == 0 ? 1 : middle;
        };
    }

    /** A ring is asked once for each of 1024 evenly spaced buckets; keys go to buckets by remainder. */
    private static KeyLocator.OfHash buckets(List<ServerName> servers, BytesHash hash) {
        RingPoints points = new RingPoints();
        for (int server = 0; server < servers.size(); server++) {
            String begin = ServerText.HOST_PORT.of(servers.get(server)) + "-";
            for (int i = 0; i < Points.KETAMA * (int) servers.get(server).weight(); i++) {
                points.add((int) hash.of((begin + i).getBytes(UTF_8)), server);
            }
        }
        Ring ring = points.ring();
        int[] buckets = new int[BUCKETS];
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            buckets[bucket] = ring.place(BUCKET_STEP * bucket);
        }
        return keyHash -> buckets[(int) (keyHash % BUCKETS)];
    }
}
