package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.spy.memcached.ArrayModNodeLocator;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.KetamaNodeKeyFormatter;
import net.spy.memcached.KetamaNodeLocator;
import net.spy.memcached.MemcachedNode;
import net.spy.memcached.NodeLocator;

/** spymemcached's locators over nodes that only have an address. */
final class SpymemcachedOracle implements Oracle {

    static {
        // Off as in production: it asserts that no two points are equal, which does not hold for the shorter hashes.
        SpymemcachedOracle.class.getClassLoader().setClassAssertionStatus("net.spy.memcached.KetamaNodeLocator", false);
    }

    @Override
    public String name() {
        return "spymemcached";
    }

    @Override
    public boolean installed() {
        return true;
    }

    @Override
    public String install() {
        return "mvn test";
    }

    @Override
    public List<Scheme> schemes() {
        return List.of(Spymemcached.ARRAY, Spymemcached.KETAMA, Spymemcached.KETAMA_LIBMEMCACHED);
    }

    @Override
    public RandomPools.Hosts hosts() {
        return RandomPools.Hosts.ADDRESSES;
    }

    @Override
    public List<int[]> places(List<Question> questions, List<byte[]> keys) throws UnknownHostException {
        List<int[]> all = new ArrayList<>();
        for (Question question : questions) {
            List<MemcachedNode> nodes = new ArrayList<>();
            Map<InetSocketAddress, Integer> weights = new HashMap<>();
            for (ServerName server : question.servers()) {
                InetSocketAddress address = address(server, question.scheme() == Spymemcached.KETAMA_LIBMEMCACHED);
                nodes.add(node(address));
                weights.put(address, (int) server.weight());
            }
            NodeLocator locator = locator(question, nodes, weights);
            all.add(keys.stream()
                    .mapToInt(key -> nodes.indexOf(locator.getPrimary(new String(key, UTF_8))))
                    .toArray());
        }
        return all;
    }

    private static NodeLocator locator(
            Question question, List<MemcachedNode> nodes, Map<InetSocketAddress, Integer> weights) {
        DefaultHashAlgorithm hash = DefaultHashAlgorithm.valueOf(question.hash().toUpperCase(Locale.ROOT) + "_HASH");
        if (question.scheme() == Spymemcached.ARRAY) {
            return new ArrayModNodeLocator(nodes, hash);
        }
        boolean equal = weights.values().stream().allMatch(weight -> weight == 1);
        return new KetamaNodeLocator(
                nodes,
                hash,
                question.scheme() == Spymemcached.KETAMA
                        ? KetamaNodeKeyFormatter.Format.SPYMEMCACHED
                        : KetamaNodeKeyFormatter.Format.LIBMEMCACHED,
                equal ? Map.of() : weights);
    }

    /** @param named whether it has its text as a host name, so that nobody looks for one */
    static InetSocketAddress address(ServerName server, boolean named) throws UnknownHostException {
        InetAddress literal = InetAddress.getByName(server.host());
        return new InetSocketAddress(
                named ? InetAddress.getByAddress(server.host(), literal.getAddress()) : literal, server.port());
    }

    private static MemcachedNode node(InetSocketAddress address) {
        return (MemcachedNode) Proxy.newProxyInstance(
                SpymemcachedOracle.class.getClassLoader(),
                new Class<?>[] {MemcachedNode.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getSocketAddress" -> address;
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> address.toString();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
