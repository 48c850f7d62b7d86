package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.Weights;

/** python-memcached; its older hash is what {@code useOldServerHashFunction} turns on. */
final class PythonMemcached {

    static final Scheme SCHEME = Scheme.named("python-memcached")
            .hash("cmemcache", HashFunction.CRC32_MIDDLE_NOT_ZERO)
            .hash("old", HashFunction.CRC32)
            .weights(Weights.PLACES)
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), Modulo.of(servers)));

    private PythonMemcached() {}
}
