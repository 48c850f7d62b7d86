package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;

/** memjs, for Node.js. */
final class Memjs {

    static final Scheme SCHEME = Scheme.named("memjs")
            .hash("memjs", HashFunction.JAVA_MAGNITUDE)
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), Modulo.of(servers)));

    private Memjs() {}
}
