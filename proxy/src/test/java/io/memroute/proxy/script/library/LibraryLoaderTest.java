package io.memroute.proxy.script.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.load.ClockedHost;
import io.memroute.testkit.TemporaryFile;
import org.junit.jupiter.api.Test;

/** Crons, reloads and statistics in configurations of the route library. */
class LibraryLoaderTest {

    private static final String ROUTES = "\nroutes{ default = route_null{} }\n";

    private final ClockedHost host = new ClockedHost();

    private RoutePlan load(String lua) throws ConfigException {
        try (TemporaryFile file = TemporaryFile.of(".lua", lua + ROUTES)) {
            return LibraryLoader.load(ConfigSource.ofFile(file.toString()), host, new ConfigHost())
                    .plan();
        }
    }

    @Test
    void asksForAReloadWhenACronSaysSo() throws ConfigException {
        RoutePlan plan =
                load("mcp.register_cron('rescan', { every = 60, func = function() mcp.schedule_config_reload() end })");
        host.pass(30);
        plan.begin(Turns.NONE);
        host.pass(29);
        assertThat(host.reloadsRequested).isZero();
        host.pass(1);
        assertThat(host.reloadsRequested).isEqualTo(1);
        plan.end();
        host.pass(120);
        assertThat(host.reloadsRequested).as("after it was in force").isEqualTo(1);
    }

    @Test
    void keepsTheTurnOfACronOverReloads() throws ConfigException {
        String cron = "mcp.register_cron('rescan', { every = 60, func = function() mcp.schedule_config_reload() end })";
        RoutePlan first = load(cron);
        first.begin(Turns.NONE);
        host.pass(40);
        RoutePlan second = load(cron);
        second.begin(first.end());
        host.pass(20);
        assertThat(host.reloadsRequested).isEqualTo(1);
    }

    @Test
    void givesCronsTheServersStatistics() throws ConfigException {
        host.statsReply = "STAT curr_connections 7\r\nEND\r\n";
        RoutePlan plan = load("""
                mcp.register_cron('watch', { every = 1, func = function()
                  if mcp.server_stats().curr_connections == '7' then mcp.schedule_config_reload() end
                end })
                """);
        plan.begin(Turns.NONE);
        host.pass(1);
        assertThat(host.reloadsRequested).isEqualTo(1);
    }
}
