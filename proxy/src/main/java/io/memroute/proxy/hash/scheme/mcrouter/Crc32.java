package io.memroute.proxy.hash.scheme.mcrouter;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;

/** mcrouter's {@code Crc32}: a remainder. */
public final class Crc32 {

    public static final Scheme SCHEME = Scheme.named("mcrouter-crc32")
            .hash("crc32", HashFunction.CRC32_LOWER_31)
            .seeded()
            .by((servers, hash, seed) -> {
                int count = servers.size();
                return Salted.of(KeyLocator.of(hash.bytes(), keyHash -> (int) (keyHash % count)), seed);
            });

    private Crc32() {}
}
