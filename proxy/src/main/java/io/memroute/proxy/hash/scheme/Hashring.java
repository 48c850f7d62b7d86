package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.Weights;

/** The rings of the npm packages hashring and memcached, which is built on it. */
final class Hashring {

    /** Digests of a server that has its fair share. */
    private static final int DIGESTS = 40;

    /** Points of a digest with {@code compatibility: 'hash_ring'}. */
    private static final int PYTHON_POINTS = 3;

    static final Scheme MEMCACHED = scheme("npm-memcached", ServerText.HOST_UNLESS_OTHER_PORT, Points.PER_DIGEST);
    static final Scheme PLAIN = scheme("hashring", ServerText.HOST_PORT, Points.PER_DIGEST);
    static final Scheme LIKE_PYTHON = scheme("hashring-hash-ring", ServerText.HOST_PORT, PYTHON_POINTS);

    private Hashring() {}

    private static Scheme scheme(String name, ServerText text, int pointsPerDigest) {
        return Scheme.named(name)
                .hash("md5", HashFunction.MD5)
                .weights(Weights.RELATIVE)
                .byName()
                .by((servers, hash, seed) -> KeyLocator.of(
                        hash.bytes(),
                        Points.ofDigests(servers, text, Hashring::digests, pointsPerDigest)
                                .ring()));
    }

    /**
     * Counts digests in double precision, whose rounding makes it 39 for some numbers of servers: 7, 14, 28, 49, 56 and
     * others.
     */
    private static int digests(double weight, double total, int servers) {
        return (int) Math.floor(weight / total * DIGESTS * servers);
    }
}
