package io.memroute.proxy.it;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ReloadOutcome;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.explain.Why;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.TemporaryFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A proxy in this JVM, on a port of 127.0.0.1 that the system chose, with a configuration file of its own. */
final class ProxyUnderTest implements AutoCloseable {

    /** Played servers are to see what they are asked, however slow the machine. */
    private static final Duration NO_MARKS = Duration.ofDays(1);

    private final ProxyServer server;
    private final TemporaryFile file;
    /** What {@code proxy_config} lists besides the library; null if nothing. */
    private final TemporaryFile handlers;

    private ProxyUnderTest(ProxyServer server, TemporaryFile file, TemporaryFile handlers) {
        this.server = server;
        this.file = file;
        this.handlers = handlers;
    }

    /** One worker. */
    static ProxyUnderTest start(Configuration configuration) {
        return start(configuration, options -> options);
    }

    static ProxyUnderTest start(Configuration configuration, int workers) {
        return start(configuration, options -> options.workers(workers));
    }

    static ProxyUnderTest start(Configuration configuration, Transport transport) {
        return start(configuration, options -> options.transport(transport));
    }

    /** As a file with that text has it; as {@link #start(Configuration, UnaryOperator)}. */
    static ProxyUnderTest startText(String lua, UnaryOperator<ServerOptions.Builder> change) {
        try {
            return start(null, lua, change);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    /** @param change of the options: one worker and, first, a listener on 127.0.0.1 */
    static ProxyUnderTest start(Configuration configuration, UnaryOperator<ServerOptions.Builder> change) {
        return startText(configuration.lua(), change);
    }

    /**
     * As with {@code proxy_config=routelib:HANDLERS,proxy_arg=FILE}, one worker.
     *
     * @param handlers null for the library alone
     */
    static ProxyUnderTest startText(String handlers, String lua) throws ConfigException {
        return start(handlers, lua, options -> options);
    }

    private static ProxyUnderTest start(String handlers, String lua, UnaryOperator<ServerOptions.Builder> change)
            throws ConfigException {
        TemporaryFile file = TemporaryFile.of(".lua", lua);
        TemporaryFile listed = handlers == null ? null : TemporaryFile.of(".handlers.lua", handlers);
        List<String> files =
                listed == null ? List.of(ConfigSource.BUILT_IN) : List.of(ConfigSource.BUILT_IN, listed.toString());
        ServerOptions.Builder options = ServerOptions.builder()
                .workers(1)
                .markInterval(NO_MARKS)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(new ConfigSource(files, Optional.of(file.toString())));
        try {
            return new ProxyUnderTest(ProxyServer.start(change.apply(options).build()), file, listed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rewrites the file of handlers, has the proxy load it, and waits until it has. */
    ReloadOutcome reloadHandlers(String lua) {
        return reload(handlers, lua);
    }

    /** Sends a request on a connection of its own and compares what is answered. */
    void expect(String request, String reply) {
        try (RawClient client = connect()) {
            client.send(request);
            client.expect(reply);
        }
    }

    int port() {
        return port(0);
    }

    private int port(int listener) {
        return ((InetSocketAddress) address(listener)).getPort();
    }

    /** Of a listener, in the order of the options. */
    SocketAddress address(int listener) {
        return server.addresses().get(listener);
    }

    RawClient connect() {
        return connect(0);
    }

    /** To a listener, in the order of the options. */
    RawClient connect(int listener) {
        return RawClient.connect(port(listener));
    }

    /** Waits until it has read so many requests that are not answered. */
    void awaitUnderWay(int requests) {
        try (RawClient asking = connect()) {
            Deadline.await(requests + " requests under way", () -> {
                asking.send("stats\r\n");
                return asking.readUntil("END\r\n").contains("STAT proxy_req_active " + requests + "\r\n");
            });
        }
    }

    ProxyNumbers numbers() {
        return server.numbers();
    }

    /** Rewrites the configuration file, has the proxy read it, and waits until it has. */
    ReloadOutcome reload(Configuration configuration) {
        return reload(configuration.lua());
    }

    ReloadOutcome reload(String lua) {
        return reload(file, lua);
    }

    private ReloadOutcome reload(TemporaryFile changed, String lua) {
        changed.rewrite(lua);
        try {
            return server.reload().get(Deadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the reload did not end", e);
        }
    }

    /** Explains commands under the configuration in force. */
    Why why() {
        return server.why().orElseThrow();
    }

    /** The names of the pools in force. */
    Set<String> pools() {
        return server.configuration().orElseThrow().pools().keySet();
    }

    /** As a signal does it: requests under way are answered first. Returns when the server has ended. */
    boolean ready() {
        return server.numbers().readiness().ready();
    }

    void shutDown() {
        server.shutDown();
    }

    @Override
    public void close() {
        server.close();
        file.close();
        if (handlers != null) {
            handlers.close();
        }
    }
}
