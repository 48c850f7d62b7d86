package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The distributions of twemproxy (nutcracker), with its key hashes. */
final class Twemproxy {

    static final Scheme KETAMA = Scheme.named("twemproxy-ketama")
            .hashes(hashes())
            .weights(Weights.RELATIVE)
            .byName()
            .by((servers, hash, seed) -> KeyLocator.of(
                    hash.bytes(),
                    Points.ofDigests(servers, ServerText.HOST_UNLESS_OTHER_PORT, Points::ketamaInFloat)
                            .ring()));

    static final Scheme MODULA = Scheme.named("twemproxy-modula")
            .hashes(hashes())
            .weights(Weights.PLACES)
            .byName()
            .by((servers, hash, seed) -> KeyLocator.of(hash.bytes(), sorted(servers)));

    private Twemproxy() {}

    /** Its search for servers that are listed twice leaves them in the order of their texts, the shorter ones first. */
    private static KeyLocator.OfHash sorted(List<ServerName> servers) {
        List<String> texts = ServerText.HOST_UNLESS_OTHER_PORT.of(servers);
        int[] order = IntStream.range(0, servers.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(
                                server -> texts.get(server).getBytes(UTF_8).length)
                        .thenComparing(server -> texts.get(server).getBytes(UTF_8), Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        Modulo modulo = Modulo.of(Arrays.stream(order).mapToObj(servers::get).toList());
        return hash -> order[modulo.place(hash)];
    }

    private static Map<String, HashFunction> hashes() {
        Map<String, HashFunction> hashes = new LinkedHashMap<>();
        hashes.put("fnv1a_64", HashFunction.FNV1A_64);
        hashes.put("one_at_a_time", HashFunction.ONE_AT_A_TIME);
        hashes.put("md5", HashFunction.MD5);
        hashes.put("crc16", HashFunction.CRC16_WIDE);
        hashes.put("crc32", HashFunction.CRC32_MIDDLE);
        hashes.put("crc32a", HashFunction.CRC32);
        hashes.put("fnv1_64", HashFunction.FNV1_64);
        hashes.put("fnv1_32", HashFunction.FNV1_32);
        hashes.put("fnv1a_32", HashFunction.FNV1A_32);
        hashes.put("hsieh", HashFunction.HSIEH);
        hashes.put("murmur", HashFunction.MURMUR2);
        hashes.put("jenkins", HashFunction.JENKINS);
        return hashes;
    }
}
