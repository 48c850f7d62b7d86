package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;

/** Netflix' EVCache, for Java: spymemcached's ring with server texts of its own. */
final class Evcache {

    static final Scheme SCHEME = Scheme.named("evcache")
            .hash("ketama", HashFunction.MD5)
            .byNameAndAddress()
            .by((servers, hash, seed) -> KeyLocator.of(
                    hash.bytes(),
                    Points.ofDigests(
                                    servers,
                                    ServerText.HOST_SLASH_HOST_MEMCACHED_PORT,
                                    Points.Share.fixed(Points.KETAMA / Points.PER_DIGEST))
                            .lastWins()));

    private Evcache() {}
}
