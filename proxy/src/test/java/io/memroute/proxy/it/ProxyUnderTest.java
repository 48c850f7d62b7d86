package io.memroute.proxy.it;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ReloadOutcome;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.reader.ConfigSource;
import io.memroute.proxy.explain.Why;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A proxy in this JVM, on a port of 127.0.0.1 that the system chose, with a configuration file of its own. */
final class ProxyUnderTest implements AutoCloseable {

    private final ProxyServer server;
    private final Path file;

    private ProxyUnderTest(ProxyServer server, Path file) {
        this.server = server;
        this.file = file;
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

    /**
     * @param change of the options: one worker and, first, a listener on 127.0.0.1
     */
    static ProxyUnderTest start(Configuration configuration, UnaryOperator<ServerOptions.Builder> change) {
        try {
            Path file = Files.createTempFile("memroute-test-", ".lua");
            Files.writeString(file, configuration.lua());
            ServerOptions.Builder options = ServerOptions.builder()
                    .workers(1)
                    .listener(ListenerSpec.tcp("127.0.0.1", 0))
                    .configuration(ConfigSource.ofFile(file.toString()));
            return new ProxyUnderTest(ProxyServer.start(change.apply(options).build()), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return ((InetSocketAddress) address(0)).getPort();
    }

    /** Of a listener, in the order of the options. */
    SocketAddress address(int listener) {
        return server.addresses().get(listener);
    }

    RawClient connect() {
        return RawClient.connect(port());
    }

    /** Rewrites the configuration file, has the proxy read it, and waits until it has. */
    ReloadOutcome reload(Configuration configuration) {
        return reload(configuration.lua());
    }

    ReloadOutcome reload(String lua) {
        try {
            Files.writeString(file, lua);
            return server.reload().get(Deadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
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

    @Override
    public void close() {
        server.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
