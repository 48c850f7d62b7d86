package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.JumpHash;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import io.memroute.proxy.hash.function.Xxh;
import java.util.List;
import java.util.Optional;

/**
 * memroute's own: jump hash, where each server keeps the fraction of its keys that its weight says and the others jump
 * again. A server whose weight falls loses keys, and no other server's keys move.
 */
final class WeightedJump implements KeyLocator.OfHash {

    static final Scheme SCHEME = Scheme.named("weighted-jump")
            .hash("xxhash", HashFunction.XXH3)
            .weights(Weights.FRACTION)
            .seeded()
            .by(WeightedJump::locator);

    /** Bounds the tries: with half of all weights 0, one key in 2^64 is refused so often. */
    private static final int MOST_TRIES = 64;

    /** Apart from the constants of jump hash and of the seeds. */
    private static final long NEXT_TRY = 0x9e37_79b9_7f4a_7c15L;

    /** The bound of each server: it keeps the numbers from 0 to 2^53 below it. */
    private final long[] kept;

    private WeightedJump(List<ServerName> servers) {
        kept = servers.stream()
                .mapToLong(server -> (long) Math.scalb(server.weight(), 53))
                .toArray();
    }

    private static KeyLocator locator(List<ServerName> servers, HashFunction hash, Optional<String> seed) {
        return KeyLocator.of(seed.map(Xxh::xxh3).orElse(hash.bytes()), new WeightedJump(servers));
    }

    @Override
    public int place(long hash) {
        int place = 0;
        for (int i = 0; i < MOST_TRIES; i++) {
            place = JumpHash.place(hash, kept.length);
            hash = mix(hash + NEXT_TRY);
            if (hash >>> 11 < kept[place]) {
                return place;
            }
        }
        for (int i = 0; i < kept.length && kept[place] == 0; i++) {
            place = (place + 1) % kept.length;
        }
        return place;
    }

    /** The finish of MurmurHash3 with 64 bits. */
    private static long mix(long mixed) {
        mixed = (mixed ^ mixed >>> 33) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return mixed ^ mixed >>> 33;
    }
}
