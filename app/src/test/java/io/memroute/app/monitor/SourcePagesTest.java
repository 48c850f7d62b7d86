package io.memroute.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source of servers on the pages of the admin listener. */
class SourcePagesTest {

    @TempDir
    private Path directory;

    @Test
    void showAFailingSourceWithTheServersThatItHad() throws Exception {
        Path servers = Files.writeString(directory.resolve("servers"), "127.0.0.1:2\n127.0.0.1:10\n");
        Path file =
                Files.writeString(directory.resolve("routes.lua"), """
                settings{ discovery = { state = "%s" } }
                pools{ main = { backends = { "file+%s" } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(directory.resolve("state"), servers));
        try (ProxyServer server = ProxyServer.start(ServerOptions.builder()
                        .workers(1)
                        .listener(ListenerSpec.tcp("127.0.0.1", 0))
                        .configuration(ConfigSource.ofFile(file.toString()))
                        .build());
                AdminSite site = AdminSite.open(server);
                AdminListener listener = AdminListener.start(AdminAddress.parse("0"), site::pages)) {
            AdminPageReader pages = new AdminPageReader(listener.address());
            Files.delete(servers);
            Deadline.await(
                    "a failure", () -> !server.sources().getFirst().error().isEmpty());
            assertThat(pages.get("/api/sources").body())
                    .contains(
                            "\"source\" : \"file+" + servers + "\"",
                            "\"127.0.0.1:2\",",
                            "\"127.0.0.1:10\"",
                            "\"kept\" : [ ]",
                            "\"age\" : ",
                            "\"error\" : \"no such file\"")
                    .doesNotContain("heldBack");
            String labels = "{source=\"file+" + servers + "\"}";
            assertThat(pages.get("/metrics").body())
                    .contains(
                            "memroute_source_failing" + labels + " 1.0",
                            "memroute_source_held_back" + labels + " 0.0",
                            "memroute_source_failures_total" + labels,
                            "memroute_source_answer_age_seconds" + labels,
                            "memroute_source_servers{source=\"file+" + servers + "\",state=\"named\"} 2.0",
                            "memroute_source_servers{source=\"file+" + servers + "\",state=\"kept\"} 0.0");
        }
    }
}
