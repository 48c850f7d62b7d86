package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import io.memroute.proxy.hash.function.BytesHash;
import io.memroute.proxy.hash.function.Xxh;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * memroute's own, for pools that nobody else reads. Each server draws a number for the key; the highest wins, where a
 * weight makes high numbers more likely. So servers may come, go and change their weights in any order, and only the
 * keys of that server, or those that it takes over, move.
 *
 * <p>A number u between 0 and 1 counts as -weight / ln(u). Among servers of one weight that keeps the order of u, so
 * the logarithm is taken once for each weight. (Jason Resch, New Hashing Algorithms for Data Storage, 2015.)
 */
final class WeightedRendezvous implements KeyLocator {

    static final Scheme SCHEME = Scheme.named("weighted-rendezvous")
            .hash("xxhash", HashFunction.XXH3)
            .weights(Weights.ANY)
            .byName()
            .seeded()
            .by(WeightedRendezvous::new);

    /** 2^-52: a draw of 52 bits and a half, times this, is neither 0 nor 1. */
    private static final double UNIT = 0x1p-52;

    private final BytesHash keyHash;
    /** The servers with a weight above 0, those of one weight together. */
    private final int[] servers;

    private final long[] hashes;
    private final double[] weights;

    private WeightedRendezvous(List<ServerName> all, HashFunction hash, Optional<String> seed) {
        keyHash = seed.map(Xxh::xxh3).orElse(hash.bytes());
        servers = IntStream.range(0, all.size())
                .boxed()
                .filter(server -> all.get(server).weight() > 0)
                .sorted(Comparator.comparingDouble(server -> all.get(server).weight()))
                .mapToInt(Integer::intValue)
                .toArray();
        weights = Arrays.stream(servers)
                .mapToDouble(server -> all.get(server).weight())
                .toArray();
        hashes = Arrays.stream(servers)
                .mapToLong(server ->
                        hash.bytes().of(ServerText.HOST_PORT.of(all.get(server)).getBytes(UTF_8)))
                .toArray();
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        long hash = keyHash.of(key, index, length);
        int winner = 0;
        double highest = 0;
        int i = 0;
        while (i < servers.length) {
            double weight = weights[i];
            int best = i;
            long most = draw(hash, hashes[i]);
            for (i++; i < servers.length && weights[i] == weight; i++) {
                long drawn = draw(hash, hashes[i]);
                if (drawn > most) {
                    most = drawn;
                    best = i;
                }
            }
            if (i == servers.length && highest == 0) {
                return servers[best];
            }
            double score = -weight / StrictMath.log((most + 0.5) * UNIT);
            if (score > highest) {
                highest = score;
                winner = servers[best];
            }
        }
        return winner;
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        return keyHash.of(key, index, length);
    }

    /** 52 bits that depend on the key and the server alike: the finish of MurmurHash3 with 64 bits. */
    private static long draw(long keyHash, long serverHash) {
        long mixed = keyHash ^ serverHash;
        mixed = (mixed ^ mixed >>> 33) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return (mixed ^ mixed >>> 33) >>> 12;
    }
}
