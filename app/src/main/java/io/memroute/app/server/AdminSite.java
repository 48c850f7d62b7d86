package io.memroute.app.server;

import io.memroute.app.admin.AdminPages;
import io.memroute.app.console.ConsoleFiles;
import io.memroute.app.console.ProposalPage;
import io.memroute.app.explain.AdminCommands;
import io.memroute.app.live.LivePages;
import io.memroute.app.live.Sampler;
import io.memroute.app.monitor.ApiPages;
import io.memroute.app.monitor.HealthPages;
import io.memroute.app.monitor.MetricsPage;
import io.memroute.proxy.ProxyServer;
import java.util.List;
import java.util.stream.Stream;

/** All pages of the admin listener of a running proxy, with what samples its numbers for them. Thread safe. */
public final class AdminSite implements AutoCloseable {

    private final Sampler sampler;
    private final AdminPages pages;

    private AdminSite(ProxyServer server) {
        sampler = Sampler.start(server);
        pages = AdminPages.of(
                Stream.of(
                                new AdminCommands(server).pages(),
                                ApiPages.of(server),
                                HealthPages.of(server),
                                LivePages.of(sampler),
                                MetricsPage.of(server, sampler::ofAMinuteAgo),
                                ProposalPage.of(server))
                        .flatMap(List::stream)
                        .toList(),
                ConsoleFiles.pages());
    }

    /** Samples until it is closed. */
    public static AdminSite open(ProxyServer server) {
        return new AdminSite(server);
    }

    public AdminPages pages() {
        return pages;
    }

    @Override
    public void close() {
        sampler.close();
    }
}
