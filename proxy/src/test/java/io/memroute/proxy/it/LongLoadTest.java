package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ReloadOutcome;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.TemporaryFile;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A load takes what time it takes; clients are answered meanwhile. */
class LongLoadTest {

    /** Long enough for some requests on a busy machine. */
    private static final Duration LOAD_TIME = Duration.ofSeconds(3);

    private static final int REQUESTS = 20;

    /** What runs for workers, and can therefore not be found out before they are concerned. */
    enum Entry {
        FILE_ON_WORKERS(false, """
                function mcp_config_pools() return {} end
                function mcp_config_routes() end
                if mcp.funcgen_new then
                  STALL
                end
                """),
        CONFIG_ROUTES(false, """
                function mcp_config_pools() return {} end
                function mcp_config_routes()
                  STALL
                end
                """),
        FIRST_SLOT(false, """
                function mcp_config_pools() return {} end
                function mcp_config_routes()
                  mcp.funcgen_new():ready{ n = "slow", f = function(rctx)
                    STALL
                  end }
                end
                """),
        HANDLER_FILE_ON_WORKERS(true, """
                register_route_handlers{ "slow" }
                function route_slow_conf(t) return t end
                function route_slow_start(a, ctx, fgen) fgen:ready{ f = function() return print end } end
                routes{ default = route_slow{} }
                -- what says nothing on workers returns something there
                if settings{} then
                  STALL
                end
                """),
        HANDLER_START(true, """
                register_route_handlers{ "slow" }
                function route_slow_conf(t) return t end
                function route_slow_start(a, ctx, fgen)
                  STALL
                end
                routes{ default = route_slow{} }
                """);

        final boolean ofLibrary;
        private final String lua;

        Entry(boolean ofLibrary, String lua) {
            this.ofLibrary = ofLibrary;
            this.lua = lua;
        }

        /** Says in a file that it has begun, and then goes on for ever. */
        String lua(Path begun) {
            return lua.replace("STALL", "io.open('" + begun + "', 'w'):close() while true do end");
        }

        String before() {
            return ofLibrary
                    ? "routes{ default = route_null{} }"
                    : "function mcp_config_pools() return {} end function mcp_config_routes() end";
        }

        int lineOfLoop() {
            return (int) lua.substring(0, lua.indexOf("STALL")).lines().count();
        }
    }

    private static ProxyServer start(TemporaryFile file, boolean ofLibrary) throws Exception {
        ConfigSource source = ofLibrary
                ? ConfigSource.ofFile(file.toString())
                : new ConfigSource(List.of(file.toString()), Optional.empty());
        return ProxyServer.start(ServerOptions.builder()
                .workers(2)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .lua(LuaBounds.defaults().withLoadTime(LOAD_TIME))
                .configuration(source)
                .build());
    }

    @ParameterizedTest
    @EnumSource
    void aReloadThatNeverEndsKeepsNoClientWaiting(Entry entry, @TempDir Path directory) throws Exception {
        Path begun = directory.resolve("begun");
        try (TemporaryFile file = TemporaryFile.of(".lua", entry.before());
                ProxyServer server = start(file, entry.ofLibrary);
                // One for each worker.
                RawClient one = connect(server);
                RawClient two = connect(server)) {
            file.rewrite(entry.lua(begun));
            CompletableFuture<ReloadOutcome> reload = server.reload();
            Deadline.await("the loop to begin", () -> Files.exists(begun));
            for (int i = 0; i < REQUESTS; i++) {
                one.send("get a\r\n");
                one.expect("END\r\n");
                two.send("get a\r\n");
                two.expect("END\r\n");
            }
            assertThat(reload).as("requests answered during the load").isNotDone();
            ReloadOutcome outcome = reload.get(Deadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(outcome.failure().orElseThrow().getMessage())
                    .contains(file + ":" + entry.lineOfLoop() + ": ")
                    .contains("time budget of 3000 ms exceeded");
        }
    }

    @Test
    void whatALoadHasBegunGoesOnWithRequests() throws Exception {
        String lua = """
                function mcp_config_pools() return {} end
                local numbers = coroutine.wrap(function() for i = 1, 1e9 do coroutine.yield(i) end end)
                numbers()
                function mcp_config_routes()
                  numbers()
                  mcp.attach(mcp.CMD_MG, function() return "HD O" .. numbers() .. "\\r\\n" end)
                end
                """;
        try (TemporaryFile file = TemporaryFile.of(".lua", lua);
                ProxyServer server = start(file, false);
                RawClient client = connect(server)) {
            client.send("mg a\r\nmg a\r\n");
            client.expect("HD O3\r\nHD O4\r\n");
        }
    }

    private static RawClient connect(ProxyServer server) {
        return RawClient.connect(((InetSocketAddress) server.addresses().getFirst()).getPort());
    }
}
