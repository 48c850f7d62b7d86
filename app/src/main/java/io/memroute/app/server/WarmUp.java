package io.memroute.app.server;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The preparation of a server that takes another's place: what the JVM runs for each request is compiled, and the
 * connections to servers are there, before the first client comes.
 */
final class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Bounds the load: on an idle machine it is over within two seconds. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** Bounds the wait for connections to servers: a little more than their usual connect timeout. */
    private static final Duration CONNECTING = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(10);

    private WarmUp() {}

    /** Runs a load on a proxy of its own. A failure is logged; it only makes the first requests slower. */
    static void compile(Transport transport) throws InterruptedException {
        long began = System.nanoTime();
        try (TrainingLoad load = TrainingLoad.open();
                ProxyServer proxy = ProxyServer.prepare(ServerOptions.builder()
                        .workers(1)
                        .transport(transport)
                        .configuration(ConfigSource.ofFile(load.configuration().toString()))
                        .listener(ListenerSpec.tcp("127.0.0.1", 0))
                        .build())) {
            proxy.accept();
            int port = ((InetSocketAddress) proxy.addresses().getFirst()).getPort();
            TrainingLoad.run(port, LONGEST, false);
            LOG.info("warmed up in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        } catch (IOException | ConfigException e) {
            LOG.warn("cannot warm up: {}", e.getMessage());
        }
    }

    /** Waits until the connections to servers have been made, or have failed. */
    static void awaitConnections(ProxyServer server) {
        long until = System.nanoTime() + CONNECTING.toNanos();
        while (isConnecting(server) && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static boolean isConnecting(ProxyServer server) {
        return server.numbers().backends().stream().anyMatch(backend -> backend.connecting() > 0);
    }
}
