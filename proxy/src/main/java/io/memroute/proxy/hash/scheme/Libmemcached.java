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

/** The distributions of libmemcached, and so of what is built on it: pylibmc, php-memcached and many more. */
final class Libmemcached {

    /** Points of each server on a ring that has no weights. */
    private static final int POINTS = 100;

    static final Scheme MODULA = Scheme.named("libmemcached")
            .hashes(hashes())
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), Modulo.of(servers)));

    static final Scheme KETAMA = Scheme.named("libmemcached-ketama")
            .hashes(hashes())
            .weights(Weights.RELATIVE)
            .byName()
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), ring(servers, hash)));

    static final Scheme KETAMA_WEIGHTED = Scheme.named("libmemcached-ketama-weighted")
            .hash("md5", HashFunction.MD5)
            .hashes(hashes())
            .weights(Weights.RELATIVE)
            .byName()
            .by((servers, hash, seed) ->
                    KeyLocator.of(hash.bytes(), weighted(servers, ServerText.HOST_UNLESS_OTHER_PORT)));

    static final Scheme KETAMA_SPY = Scheme.named("libmemcached-ketama-spy")
            .hash("md5", HashFunction.MD5)
            .hashes(hashes())
            .weights(Weights.RELATIVE)
            .byName()
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), weighted(servers, ServerText.SLASH_HOST_PORT)));

    private Libmemcached() {}

    private static Map<String, HashFunction> hashes() {
        Map<String, HashFunction> hashes = new LinkedHashMap<>();
        hashes.put("default", HashFunction.ONE_AT_A_TIME);
        hashes.put("md5", HashFunction.MD5);
        hashes.put("crc", HashFunction.CRC32_MIDDLE);
        hashes.put("fnv1_64", HashFunction.FNV1_64);
        hashes.put("fnv1a_64", HashFunction.FNV1A_64);
        hashes.put("fnv1_32", HashFunction.FNV1_32);
        hashes.put("fnv1a_32", HashFunction.FNV1A_32);
        hashes.put("hsieh", HashFunction.HSIEH);
        hashes.put("murmur", HashFunction.MURMUR2);
        hashes.put("jenkins", HashFunction.JENKINS);
        hashes.put("murmur3", HashFunction.MURMUR3);
        return hashes;
    }

    /** A server with another weight than 1 turns the ring into one with weights; keys are hashed as before. */
    private static Ring ring(List<ServerName> servers, HashFunction hash) {
        return servers.stream().anyMatch(server -> server.weight() > 1)
                ? weighted(servers, ServerText.HOST_UNLESS_OTHER_PORT)
                : Points.ofHashes(servers, ServerText.HOST_UNLESS_OTHER_PORT, Points.Share.fixed(POINTS), hash.bytes())
                        .ring();
    }

    private static Ring weighted(List<ServerName> servers, ServerText text) {
        return Points.ofDigests(servers, text, Points::ketamaInFloat).ring();
    }
}
