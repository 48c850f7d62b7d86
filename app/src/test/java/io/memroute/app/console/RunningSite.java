package io.memroute.app.console;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.metrics.LoopWatch;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A proxy with a configuration, and its admin listener. */
final class RunningSite implements AutoCloseable {

    private final Path file;
    private final ProxyServer server;
    private final AdminSite site;
    private AdminListener listener;

    /** @param tags of listeners beside the one without a tag */
    RunningSite(Path directory, String configuration, String... tags) throws Exception {
        file = Files.writeString(directory.resolve("routes.lua"), configuration);
        ServerOptions.Builder options = ServerOptions.builder()
                .workers(2)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(ConfigSource.ofFile(file.toString()));
        for (String tag : tags) {
            options.listener(ListenerSpec.tcp("127.0.0.1", 0).tagged(tag));
        }
        server = ProxyServer.start(options.build());
        site = AdminSite.open(server);
        listen("0");
    }

    private void listen(String address) throws Exception {
        listener = AdminListener.start(AdminAddress.parse(address), site::pages);
        listener.every(LoopWatch.INTERVAL, server.loopWatch()::probe);
    }

    /** Where clients connect. */
    InetSocketAddress address() {
        return address(0);
    }

    /** Where clients of a tag connect: that many after the listener without one. */
    InetSocketAddress address(int listener) {
        return (InetSocketAddress) server.addresses().get(listener);
    }

    int adminPort() {
        return ((InetSocketAddress) listener.address()).getPort();
    }

    URI page(String path) {
        return URI.create("http://127.0.0.1:" + adminPort() + path);
    }

    /** Writes another configuration, and reloads. Returns whether it is in force. */
    boolean reload(String configuration) throws Exception {
        Files.writeString(file, configuration);
        return server.reload().join().succeeded();
    }

    /** As when the proxy ends: no answer, and no connection more. */
    void closeListener() {
        listener.close();
    }

    /** As when it is back, where it was. */
    void openListener() throws Exception {
        listen(Integer.toString(adminPort()));
    }

    @Override
    public void close() {
        listener.close();
        site.close();
        server.close();
    }
}
