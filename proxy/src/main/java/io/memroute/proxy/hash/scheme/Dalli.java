package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Ring;
import io.memroute.proxy.hash.RingPoints;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Dalli, for Ruby. Its ring is looked up downwards: a hash belongs to the last point at or before it. With all values
 * inverted that is the first point at or after.
 */
final class Dalli {

    static final Scheme SCHEME = Scheme.named("dalli")
            .hash("crc32", HashFunction.CRC32)
            .weights(Weights.RELATIVE)
            .byName()
            .by((servers, hash, seed) -> {
                Ring inverted = inverted(servers);
                return KeyLocator.of(hash.bytes(), keyHash -> inverted.place(~keyHash));
            });

    private Dalli() {}

    private static Ring inverted(List<ServerName> servers) {
        MessageDigest sha1 = sha1();
        RingPoints points = new RingPoints();
        double total = servers.stream().mapToDouble(ServerName::weight).sum();
        for (int server = 0; server < servers.size(); server++) {
            ServerName name = servers.get(server);
            String begin = ServerText.HOST_PORT.of(name) + ":";
            long count = (long) (servers.size() * Points.KETAMA * name.weight() / total);
            for (int i = 0; i < count; i++) {
                byte[] digest = sha1.digest((begin + i).getBytes(UTF_8));
                points.add(~ByteBuffer.wrap(digest).getInt(), server);
            }
        }
        return points.ring();
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-1, which Dalli's ring needs", e);
        }
    }
}
