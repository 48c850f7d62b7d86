package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.code.yanf4j.core.Session;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.rubyeye.xmemcached.HashAlgorithm;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.ArrayMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.KetamaMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.LibmemcachedMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.PHPMemcacheSessionLocator;
import net.rubyeye.xmemcached.networking.MemcachedSession;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;

/** XMemcached's locators over sessions that only have an address and a weight. */
final class XmemcachedOracle implements Oracle {

    @Override
    public String name() {
        return "XMemcached";
    }

    @Override
    public boolean installed() {
        return true;
    }

    @Override
    public String install() {
        return "mvn test";
    }

    /** One of them asks the name service for every address, which takes its time where there is none. */
    @Override
    public List<Scheme> schemes() {
        Stream<Scheme> usual = Stream.of(
                Xmemcached.ARRAY, Xmemcached.KETAMA, Xmemcached.KETAMA_NGINX, Xmemcached.LIBMEMCACHED, Xmemcached.PHP);
        boolean all = Boolean.getBoolean("placement.all") || System.getProperty("placement.record") != null;
        return (all ? Stream.concat(usual, Stream.of(Xmemcached.KETAMA_GWHALIN)) : usual).toList();
    }

    /** Arrays count the weights of sessions with a socket only. */
    @Override
    public boolean weights(Scheme scheme) {
        return scheme != Xmemcached.ARRAY && scheme != Xmemcached.PHP;
    }

    @Override
    public RandomPools.Hosts hosts() {
        return RandomPools.Hosts.ADDRESSES;
    }

    @Override
    public List<int[]> places(List<Question> questions, List<byte[]> keys) throws UnknownHostException {
        List<int[]> all = new ArrayList<>();
        for (Question question : questions) {
            List<Session> sessions = new ArrayList<>();
            for (ServerName server : question.servers()) {
                sessions.add(session(server, question.scheme() != Xmemcached.KETAMA));
            }
            MemcachedSessionLocator locator = locator(question.scheme());
            locator.updateSessions(sessions);
            all.add(keys.stream()
                    .mapToInt(key -> sessions.indexOf(locator.getSessionByKey(new String(key, UTF_8))))
                    .toArray());
        }
        return all;
    }

    private static MemcachedSessionLocator locator(Scheme scheme) {
        if (scheme == Xmemcached.ARRAY) {
            return new ArrayMemcachedSessionLocator();
        }
        if (scheme == Xmemcached.LIBMEMCACHED) {
            return new LibmemcachedMemcachedSessionLocator();
        }
        if (scheme == Xmemcached.PHP) {
            return new PHPMemcacheSessionLocator();
        }
        return new KetamaMemcachedSessionLocator(
                HashAlgorithm.KETAMA_HASH, scheme == Xmemcached.KETAMA_NGINX, scheme == Xmemcached.KETAMA_GWHALIN);
    }

    /** The wrapper looks for the host's name, and a client connects to another object: both are known here. */
    private static Session session(ServerName server, boolean named) throws UnknownHostException {
        InetSocketAddress address = SpymemcachedOracle.address(server, named);
        int weight = (int) server.weight();
        InetSocketAddressWrapper wrapper =
                new InetSocketAddressWrapper(SpymemcachedOracle.address(server, true), 1, weight, null);
        return (Session) Proxy.newProxyInstance(
                XmemcachedOracle.class.getClassLoader(),
                new Class<?>[] {MemcachedSession.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRemoteSocketAddress" -> address;
                    case "getInetSocketAddressWrapper" -> wrapper;
                    case "getWeight" -> weight;
                    case "isClosed" -> false;
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> address.toString();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
