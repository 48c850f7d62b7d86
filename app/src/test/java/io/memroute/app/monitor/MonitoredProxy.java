package io.memroute.app.monitor;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A proxy with an admin listener, both on free ports. */
record MonitoredProxy(ProxyServer server, AdminSite site, AdminListener listener) implements AutoCloseable {

    static MonitoredProxy start(Path configuration, int workers) throws Exception {
        return start(configuration, workers, options -> options.listener(ListenerSpec.tcp("127.0.0.1", 0)));
    }

    /** @param options adds the listeners, and what else a test wants */
    static MonitoredProxy start(Path configuration, int workers, UnaryOperator<ServerOptions.Builder> options)
            throws Exception {
        ProxyServer server = ProxyServer.start(options.apply(ServerOptions.builder()
                        .workers(workers)
                        .configuration(ConfigSource.ofFile(configuration.toString())))
                .build());
        AdminSite site = AdminSite.open(server);
        return new MonitoredProxy(server, site, AdminListener.start(AdminAddress.parse("0"), site::pages));
    }

    AdminPageReader pages() {
        return new AdminPageReader(listener.address());
    }

    @Override
    public void close() {
        listener.close();
        site.close();
        server.close();
    }
}
