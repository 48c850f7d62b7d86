package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Ring;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The locators of spymemcached, for Java: arrays, and rings with both forms of server texts. */
final class Spymemcached {

    static final Scheme ARRAY = Scheme.named("spymemcached")
            .hashes(hashes())
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), Modulo.of(servers)));

    static final Scheme KETAMA = ketama("spymemcached-ketama", ServerText.HOST_PORT);
    static final Scheme KETAMA_LIBMEMCACHED =
            ketama("spymemcached-ketama-libmemcached", ServerText.HOST_UNLESS_OTHER_PORT);

    private Spymemcached() {}

    private static Scheme ketama(String name, ServerText text) {
        Scheme.Builder scheme = Scheme.named(name)
                .hash("ketama", HashFunction.MD5)
                .hashes(hashes())
                .weights(Weights.RELATIVE);
        return (text == ServerText.HOST_PORT ? scheme.byNameAndAddress() : scheme.byName())
                .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), ring(servers, text, hash)));
    }

    private static Map<String, HashFunction> hashes() {
        Map<String, HashFunction> hashes = new LinkedHashMap<>();
        hashes.put("native", HashFunction.JAVA);
        hashes.put("ketama", HashFunction.MD5);
        hashes.put("crc", HashFunction.CRC32_MIDDLE);
        hashes.put("fnv1_64", HashFunction.FNV1_64_OF_UTF16);
        hashes.put("fnv1a_64", HashFunction.FNV1A_64_OF_UTF16);
        hashes.put("fnv1_32", HashFunction.FNV1_32_OF_UTF16);
        hashes.put("fnv1a_32", HashFunction.FNV1A_32_OF_UTF16);
        return hashes;
    }

    /** Makes a ring. With weights all points come from MD5, whatever hashes the keys. */
    private static Ring ring(List<ServerName> servers, ServerText text, HashFunction hash) {
        boolean weighted = servers.stream().anyMatch(server -> server.weight() > 1);
        if (!weighted && hash != HashFunction.MD5) {
            return Points.ofHashes(servers, text, Points.Share.fixed(Points.KETAMA), hash.bytes())
                    .lastWins();
        }
        Points.Share share = weighted ? Points::ketamaInFloat : Points.Share.fixed(Points.KETAMA / Points.PER_DIGEST);
        return Points.ofDigests(servers, text, share).lastWins();
    }
}
