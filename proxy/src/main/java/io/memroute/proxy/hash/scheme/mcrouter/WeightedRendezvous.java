package io.memroute.proxy.hash.scheme.mcrouter;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * mcrouter's {@code WeightedRendezvous}: the weight over -ln of the score as a fraction, the first server of equals.
 */
public final class WeightedRendezvous implements KeyLocator {

    public static final Scheme SCHEME = Scheme.named("mcrouter-weighted-rendezvous")
            .hash("murmur64a", HashFunction.MURMUR2_64)
            .weights(Weights.ANY)
            .byName()
            .seeded()
            .by((servers, hash, seed) -> Salted.of(new WeightedRendezvous(servers), seed));

    private static final long LOWER_53_BITS = (1L << 53) - 1;

    private final Scores scores;
    private final double[] weights;

    private WeightedRendezvous(List<ServerName> servers) {
        scores = new Scores(servers);
        weights = servers.stream().mapToDouble(ServerName::weight).toArray();
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        long keyHash = hash(key, index, length);
        int winner = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int server = 0; server < weights.length; server++) {
            double fraction = (scores.of(server, keyHash) & LOWER_53_BITS) * 0x1p-53;
            double score = weights[server] * (1 / -StrictMath.log(fraction));
            if (score > highest) {
                highest = score;
                winner = server;
            }
        }
        return winner;
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        return Scores.keyHash(key, index, length);
    }
}
