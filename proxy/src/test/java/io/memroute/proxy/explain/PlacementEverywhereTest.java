package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.scheme.Schemes;
import io.memroute.proxy.script.load.ScriptLoader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A placement places keys in the same way for a pool, for {@code route_hash} and for a program's {@code mcp.pool}. */
class PlacementEverywhereTest {

    @TempDir
    private Path directory;

    static List<Scheme> schemes() {
        return Schemes.ALL;
    }

    private ConfigSource file(String name, String text) throws Exception {
        return ConfigSource.ofFile(
                Files.writeString(directory.resolve(name), text).toString());
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void aPoolARouteAndAProgramAgree(Scheme scheme) throws Exception {
        // Without one, route_hash has a seed of its own for the schemes that hash as pools do by default.
        String options = "placement = \"" + scheme + "\"" + (scheme.seeded() ? ", seed = \"s\"" : "");
        ProxyConfig library = ConfigLoader.load(file("library.lua", """
                pools{
                  main = { options = { %s }, backends = { "h1", "h2", "h3" } },
                  a = { backends = { "10.0.0.1" } },
                  b = { backends = { "10.0.0.2" } },
                  c = { backends = { "10.0.0.3" } },
                }
                routes{ default = route_hash{ children = { h1 = "a", h2 = "b", h3 = "c" }, %s } }
                """.formatted(options, options)));
        String program = file("program.lua", """
                function mcp_config_pools()
                  local servers = {}
                  for i = 1, 3 do servers[i] = mcp.backend("h" .. i, "h" .. i, "11211") end
                  return mcp.pool(servers, { %s })
                end
                function mcp_config_routes(main)
                  local f = mcp.funcgen_new()
                  local h = f:new_handle(main)
                  f:ready{ n = "f", f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                  mcp.attach(mcp.CMD_ANY_STORAGE, f)
                end
                """.formatted(options)).argument().orElseThrow();
        KeyDistributor ofPool = library.pools().get("main").distributor();
        KeyDistributor ofProgram = ScriptLoader.loadWithoutServer(
                        ConfigSource.ofMemcachedOptions(program, Optional.empty()), new ConfigHost())
                .pools()
                .getFirst()
                .distributor();
        ToIntFunction<Request> ofRoute = HandlerSpec.of(
                        library.trees().getFirst().defaultRoute().orElseThrow())
                .spread()
                .choice()
                .orElseThrow();
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            String text = "key:" + i * 7919;
            ByteBuf key = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
            int place = ofPool.select(key, 0, key.readableBytes());
            places.add(place);
            assertThat(ofProgram.select(key, 0, key.readableBytes())).as(text).isEqualTo(place);
            assertThat(ofRoute.applyAsInt(CommandLine.of("get " + text).request()))
                    .as(text)
                    .isEqualTo(place);
        }
        assertThat(places).hasSizeGreaterThan(1);
    }
}
