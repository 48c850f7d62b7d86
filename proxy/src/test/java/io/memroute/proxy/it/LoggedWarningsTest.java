package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A start and a reload write to the log what is suspicious about their configuration. */
class LoggedWarningsTest {

    private static final String GOOD = "\nroutes{ default = route_direct{ child = 'internal' } }\n";

    @TempDir
    Path directory;

    @RegisterExtension
    final LoggedLines log = new LoggedLines("memroute", Level.WARN);

    private List<String> warnings() {
        return log.take().stream()
                .map(line -> line.replace(directory + "/", ""))
                .toList();
    }

    @Test
    void atTheStartAndAtEachReload() throws Exception {
        Path file = Files.writeString(directory.resolve("routes.lua"), GOOD);
        ServerOptions options = ServerOptions.builder()
                .workers(1)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("users"))
                .configuration(ConfigSource.ofFile(file.toString()))
                .build();
        try (ProxyServer server = ProxyServer.start(options)) {
            assertThat(warnings())
                    .containsExactly("routes.lua: no routes{} has the tag \"users\" of a listener: it takes the "
                            + "routes without a tag");

            Files.writeString(file, GOOD + "routes{ tag = 'usres', default = route_direct{ child = 'internal' } }");
            server.reload().join();

            assertThat(warnings())
                    .containsExactly(
                            "routes.lua: no routes{} has the tag \"users\" of a listener (did you mean \"usres\"?):"
                                    + " it takes the routes without a tag",
                            "routes.lua:3:1: routes with tag \"usres\": no listener has this tag (did you "
                                    + "mean \"users\"?),"
                                    + " so no request gets here");
        }
    }
}
