package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Lists of servers, the same for the same seed: with and without port 11211, weights and names. */
final class RandomPools {

    /** The numbers of servers for which ketama's arithmetic comes out one short, and some others. */
    private static final int[] SIZES = {3, 25, 7, 47, 14, 50, 2, 28, 55, 1, 49, 56, 60, 10, 5};

    private static final int MOST_SERVERS = 60;

    /** What an oracle can be asked about. */
    enum Hosts {
        /** Nobody connects: addresses and names that nobody has. */
        ANY,
        /** Addresses that nobody has. */
        ADDRESSES,
        /** Servers that are played on addresses of the loopback network. */
        LOOPBACK
    }

    private final Random random;
    private final Hosts hosts;
    private final boolean weights;
    private final boolean names;

    private RandomPools(Hosts hosts, boolean weights, boolean names, long seed) {
        this.weights = weights;
        this.random = new Random(seed);
        this.hosts = hosts;
        this.names = names;
    }

    /** As many questions as said about a scheme, over all its hashes. */
    static List<Question> questions(Scheme scheme, Oracle oracle, int count, long seed) {
        RandomPools pools = new RandomPools(
                oracle.hosts(),
                oracle.weights(scheme),
                oracle.names(),
                seed + scheme.name().hashCode());
        List<String> hashes = oracle.hashes(scheme);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            questions.add(new Question(scheme, hashes.get(i % hashes.size()), "", pools.servers(scheme, i)));
        }
        return questions;
    }

    private List<ServerName> servers(Scheme scheme, int pool) {
        int size = pool < SIZES.length ? SIZES[pool] : 1 + random.nextInt(MOST_SERVERS);
        boolean weighted = weights && pool % 3 != 0;
        boolean named = names && pool % 4 == 1;
        List<ServerName> servers = new ArrayList<>();
        Set<String> addresses = new HashSet<>();
        while (servers.size() < size) {
            String host = host();
            int port = random.nextInt(3) > 0 ? 11211 : 20000 + random.nextInt(10000);
            if (addresses.add(host + port)) {
                Optional<String> name = named && random.nextInt(3) > 0
                        ? Optional.of("cache-" + servers.size() + "-" + random.nextInt(1000))
                        : Optional.empty();
                servers.add(new ServerName(host, port, name, weighted ? weight(scheme.weights(), pool) : 1));
            }
        }
        return servers;
    }

    private String host() {
        return switch (hosts) {
            case LOOPBACK -> "127.77." + random.nextInt(250) + "." + (1 + random.nextInt(250));
            case ANY -> random.nextInt(4) == 0 ? "cache" + random.nextInt(100000) + ".example" : address();
            case ADDRESSES -> address();
        };
    }

    private String address() {
        return "10." + random.nextInt(250) + "." + random.nextInt(250) + "." + (1 + random.nextInt(250));
    }

    private double weight(Weights weights, int pool) {
        if (weights.equals(Weights.FRACTION)) {
            return random.nextInt(5) == 0 ? 1 : random.nextInt(101) / 100.0;
        }
        if (weights.equals(Weights.ANY)) {
            return random.nextInt(1, 1000) / 8.0;
        }
        int most = weights.equals(Weights.RELATIVE) && pool % 2 == 0 ? 4096 : weights.max() > 100 ? 12 : 4;
        return 1 + random.nextInt(most);
    }
}
