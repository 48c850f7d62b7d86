package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.JumpHash;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;

/** The selector of Thanos, Loki and Mimir: jump hash of XXH64. */
final class Thanos {

    static final Scheme SCHEME = Scheme.named("thanos")
            .hash("xxh64", HashFunction.XXH64)
            .by((servers, hash, seed) -> {
                int count = servers.size();
                return KeyLocator.of(hash.bytes(), keyHash -> JumpHash.place(keyHash, count));
            });

    private Thanos() {}
}
