package io.memroute.app.server;

import io.memroute.app.admin.AdminPages;
import io.memroute.app.explain.AdminCommands;
import io.memroute.app.monitor.ApiPages;
import io.memroute.app.monitor.HealthPages;
import io.memroute.app.monitor.MetricsPage;
import io.memroute.proxy.ProxyServer;
import java.util.List;
import java.util.stream.Stream;

/** All pages of the admin listener of a running proxy. */
public final class AdminSite {

    private AdminSite() {}

    public static AdminPages of(ProxyServer server) {
        return AdminPages.of(Stream.of(
                        new AdminCommands(server).pages(),
                        ApiPages.of(server),
                        HealthPages.of(server),
                        MetricsPage.of(server))
                .flatMap(List::stream)
                .toList());
    }
}
