package io.memroute.proxy.hash.scheme.mcrouter;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.netty.buffer.ByteBuf;

/** mcrouter's {@code Rendezvous}: the highest score as a double, the later server of equals. */
public final class Rendezvous implements KeyLocator {

    public static final Scheme SCHEME = Scheme.named("mcrouter-rendezvous")
            .hash("murmur64a", HashFunction.MURMUR2_64)
            .byName()
            .seeded()
            .by((servers, hash, seed) -> Salted.of(new Rendezvous(new Scores(servers)), seed));

    private final Scores scores;

    private Rendezvous(Scores scores) {
        this.scores = scores;
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        long keyHash = hash(key, index, length);
        int winner = 0;
        double highest = -1;
        for (int server = 0; server < scores.servers(); server++) {
            double score = unsigned(scores.of(server, keyHash));
            if (score >= highest) {
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

    /** The nearest double, halves to even: from 2^63 the lowest bit is kept where it decides about rounding. */
    private static double unsigned(long value) {
        return value >= 0 ? value : (double) (value >>> 1 | value & 1) * 2;
    }
}
