package io.memroute.app.remote;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A proxy with one worker and an admin listener, and a client that sends it as much as a test wants. */
public final class ProxyWithAdmin implements AutoCloseable {

    private final Path file;
    private final ProxyServer server;
    private final AdminSite site;
    private final AdminListener listener;
    private final RawClient client;

    private ProxyWithAdmin(Path file, String configuration, UnaryOperator<ServerOptions.Builder> options)
            throws Exception {
        this.file = Files.writeString(file, configuration);
        this.server = ProxyServer.start(options.apply(ServerOptions.builder()
                        .workers(1)
                        .listener(ListenerSpec.tcp("127.0.0.1", 0))
                        .configuration(ConfigSource.ofFile(file.toString())))
                .build());
        this.site = AdminSite.open(server);
        this.listener = AdminListener.start(AdminAddress.parse("0"), site::pages);
        this.client = connect();
    }

    /** @param file where to write the configuration to */
    public static ProxyWithAdmin start(Path file, String configuration) throws Exception {
        return start(file, configuration, options -> options);
    }

    public static ProxyWithAdmin start(Path file, String configuration, UnaryOperator<ServerOptions.Builder> options)
            throws Exception {
        return new ProxyWithAdmin(file, configuration, options);
    }

    /** The admin listener as a command line has it. */
    public String address() {
        return Integer.toString(((InetSocketAddress) listener.address()).getPort());
    }

    public RemoteProxy remote() {
        return RemoteProxy.at(address());
    }

    public RawClient connect() {
        return RawClient.connect(server.addresses().getFirst());
    }

    /** Sends gets, and waits for all replies. */
    public void get(int count, String format) {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < count; i++) {
            requests.append("get ").append(format.formatted(i)).append("\r\n");
        }
        ask(requests.toString());
    }

    /** Sends requests, and waits until all are answered. */
    public void ask(String requests) {
        client.send(requests + "mn\r\n");
        client.readUntil("MN\r\n");
    }

    public void configure(String configuration) {
        try {
            Files.writeString(file, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.reload().join();
    }

    @Override
    public void close() {
        client.close();
        listener.close();
        site.close();
        server.close();
    }
}
