package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.Weights;

/**
 * The locators of XMemcached, for Java. On a point that several servers have, it picks one by the hash or at random;
 * here the first has it.
 */
final class Xmemcached {

    /** Points of each server for the locator after libmemcached. */
    private static final int LIBMEMCACHED_POINTS = 100;

    static final Scheme ARRAY = Scheme.named("xmemcached")
            .hash("native", HashFunction.JAVA)
            .weights(Weights.PLACES)
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), Modulo.of(servers)));

    static final Scheme KETAMA = ketama("xmemcached-ketama", ServerText.SLASH_HOST_PORT);
    static final Scheme KETAMA_NGINX = ketama("xmemcached-ketama-nginx", ServerText.HOST_UNLESS_OTHER_PORT);
    static final Scheme KETAMA_GWHALIN = ketama("xmemcached-ketama-gwhalin", ServerText.HOST_PORT);

    static final Scheme LIBMEMCACHED = Scheme.named("xmemcached-libmemcached")
            .hash("one_at_a_time", HashFunction.ONE_AT_A_TIME_UNSIGNED)
            .byName()
            .by((servers, hash, seed) -> KeyLocator.of(
                    hash.bytes(),
                    Points.ofHashes(
                                    servers,
                                    ServerText.HOST_UNLESS_OTHER_PORT,
                                    Points.Share.fixed(LIBMEMCACHED_POINTS),
                                    hash.bytes())
                            .ring()));

    static final Scheme PHP = Scheme.named("xmemcached-php")
            .hash("native", HashFunction.JAVA_MIDDLE)
            .weights(Weights.PLACES)
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), Modulo.of(servers)));

    private Xmemcached() {}

    private static Scheme ketama(String name, ServerText text) {
        Scheme.Builder scheme =
                Scheme.named(name).hash("ketama", HashFunction.MD5).weights(Weights.MULTIPLES_OF_POINTS);
        return (text == ServerText.SLASH_HOST_PORT ? scheme.byNameAndAddress() : scheme.byName())
                .by((servers, hash, seed) -> KeyLocator.of(
                        hash.bytes(),
                        Points.ofDigests(servers, text, (weight, total, count) ->
                                        (int) (weight * Points.KETAMA / Points.PER_DIGEST))
                                .ring()));
    }
}
