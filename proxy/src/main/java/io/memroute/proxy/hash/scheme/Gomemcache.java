package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;

/** The {@code ServerList} of bradfitz/gomemcache. */
final class Gomemcache {

    static final Scheme SCHEME = Scheme.named("gomemcache")
            .hash("crc32", HashFunction.CRC32)
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), Modulo.of(servers)));

    private Gomemcache() {}
}
