package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.RingPoints;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.function.BytesHash;
import io.memroute.proxy.hash.function.Md5;
import java.util.List;

/** Points of rings, hashed from {@code TEXT-0}, {@code TEXT-1} and so on of each server. */
final class Points {

    /** An MD5 digest is cut into this many points. */
    static final int PER_DIGEST = 4;

    /** ketama's points of a server that has its fair share. */
    static final int KETAMA = 160;

    /** Decides how many texts of a server are hashed. */
    @FunctionalInterface
    interface Share {

        /**
         * @param weight of the server
         * @param total of all servers' weights
         */
        int texts(double weight, double total, int servers);

        /** The same for each. */
        static Share fixed(int texts) {
            return (weight, total, servers) -> texts;
        }
    }

    /**
     * ketama's share of 160 points in single precision. Rounding makes it 156 for some numbers of servers with equal
     * weights (25, 47, 50, 55, 61 ...), and so it has to stay.
     */
    static int ketamaInFloat(double weight, double total, int servers) {
        float percent = (float) weight / (float) total;
        float texts = percent * KETAMA / PER_DIGEST * servers;
        return (int) Math.floor((float) (texts + 0.0000000001));
    }

    private Points() {}

    /** Four points of each MD5 digest. */
    static RingPoints ofDigests(List<ServerName> servers, ServerText text, Share share) {
        return ofDigests(servers, text, share, PER_DIGEST);
    }

    /** Returns as many points of each MD5 digest as said. */
    static RingPoints ofDigests(List<ServerName> servers, ServerText text, Share share, int perDigest) {
        RingPoints points = new RingPoints();
        double total = servers.stream().mapToDouble(ServerName::weight).sum();
        for (int server = 0; server < servers.size(); server++) {
            String begin = text.of(servers.get(server)) + "-";
            int texts = share.texts(servers.get(server).weight(), total, servers.size());
            for (int i = 0; i < texts; i++) {
                points.addDigest(Md5.digest((begin + i).getBytes(UTF_8)), perDigest, server);
            }
        }
        return points;
    }

    /** A point for each text, hashed by a function of 32 bits. */
    static RingPoints ofHashes(List<ServerName> servers, ServerText text, Share share, BytesHash hash) {
        RingPoints points = new RingPoints();
        double total = servers.stream().mapToDouble(ServerName::weight).sum();
        for (int server = 0; server < servers.size(); server++) {
            String begin = text.of(servers.get(server)) + "-";
            int texts = share.texts(servers.get(server).weight(), total, servers.size());
            for (int i = 0; i < texts; i++) {
                points.add((int) hash.of((begin + i).getBytes(UTF_8)), server);
            }
        }
        return points;
    }
}
