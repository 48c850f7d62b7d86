package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.code.yanf4j.core.Session;
import com.google.code.yanf4j.core.impl.HandlerAdapter;
import com.google.code.yanf4j.core.impl.TextLineCodecFactory;
import com.google.code.yanf4j.nio.NioSessionConfig;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.stream.Stream;
import net.rubyeye.xmemcached.HashAlgorithm;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.ArrayMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.ElectionMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.KetamaMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.LibmemcachedMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import net.rubyeye.xmemcached.impl.PHPMemcacheSessionLocator;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;

/** XMemcached's locators over its own sessions, which have an address and a weight, but no socket. */
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
                Xmemcached.ARRAY,
                Xmemcached.KETAMA,
                Xmemcached.KETAMA_NGINX,
                Xmemcached.LIBMEMCACHED,
                Xmemcached.PHP,
                XmemcachedElection.SCHEME);
        boolean all = Boolean.getBoolean("placement.all") || System.getProperty("placement.record") != null;
        return (all ? Stream.concat(usual, Stream.of(Xmemcached.KETAMA_GWHALIN)) : usual).toList();
    }

    @Override
    public RandomPools.Hosts hosts() {
        return RandomPools.Hosts.ADDRESSES;
    }

    @Override
    public List<int[]> places(List<Question> questions, List<byte[]> keys) throws UnknownHostException {
        List<int[]> all = new ArrayList<>();
        for (Question question : questions) {
            all.add(places(question, 1, keys));
        }
        return all;
    }

    /** @param connections to each server: the client's {@code connectionPoolSize} */
    static int[] places(Question question, int connections, List<byte[]> keys) throws UnknownHostException {
        boolean named = question.scheme() != Xmemcached.KETAMA && question.scheme() != XmemcachedElection.SCHEME;
        List<Session> sessions = new ArrayList<>();
        for (ServerName server : question.servers()) {
            for (int i = 0; i < connections; i++) {
                sessions.add(session(server, named));
            }
        }
        MemcachedSessionLocator locator = locator(question.scheme());
        locator.updateSessions(sessions);
        return keys.stream()
                .mapToInt(key -> sessions.indexOf(locator.getSessionByKey(new String(key, UTF_8))) / connections)
                .toArray();
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
        if (scheme == XmemcachedElection.SCHEME) {
            return new ElectionMemcachedSessionLocator();
        }
        return new KetamaMemcachedSessionLocator(
                HashAlgorithm.KETAMA_HASH, scheme == Xmemcached.KETAMA_NGINX, scheme == Xmemcached.KETAMA_GWHALIN);
    }

    /** The wrapper looks for the host's name, and a client connects to another object: both are known here. */
    private static Session session(ServerName server, boolean named) throws UnknownHostException {
        InetSocketAddress address = SpymemcachedOracle.address(server, named);
        MemcachedTCPSession session =
                new MemcachedTCPSession(
                        new NioSessionConfig(
                                null,
                                new HandlerAdapter(),
                                null,
                                new TextLineCodecFactory(),
                                null,
                                new LinkedTransferQueue<>(),
                                null,
                                false,
                                0,
                                0),
                        1,
                        null,
                        0,
                        null) {
                    @Override
                    public InetSocketAddress getRemoteSocketAddress() {
                        return address;
                    }
                };
        session.setInetSocketAddressWrapper(
                new InetSocketAddressWrapper(SpymemcachedOracle.address(server, true), 1, (int) server.weight(), null));
        session.getInetSocketAddressWrapper().setRemoteAddressStr(address.toString());
        return session;
    }
}
