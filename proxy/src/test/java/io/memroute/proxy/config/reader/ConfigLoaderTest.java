package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    private static final String NOT_HERE =
            "cannot be used in a configuration of the route library, which is written with settings,"
                    + " pools and routes; only functions of route handlers (route_NAME_start) have the "
                    + "table mcp of workers";

    private static final String MINIMAL = """
            pools{ main = { backends = { "127.0.0.1:11214", "127.0.0.1:11215" } } }
            routes{ default = route_direct{ child = "main" } }
            """;

    @TempDir
    Path directory;

    private String write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    private List<String> errors(ConfigSource source) {
        return errors(source, new ConfigHost());
    }

    private List<String> errors(ConfigSource source, ConfigHost host) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(source, host));
        return e.errors().stream()
                .map(error -> error.toString().replace(directory + "/", ""))
                .toList();
    }

    // ---- files ----

    @Test
    void loadsAUsersFile() throws Exception {
        ProxyConfig config = ConfigLoader.load(ConfigSource.ofFile(write("routes.lua", MINIMAL)));
        assertThat(config.pools().get("main").backends()).hasSize(2);
        assertThat(config.trees()).hasSize(1);
    }

    @Test
    void readsTheFileAnewAtEveryLoad() throws Exception {
        ConfigSource source = ConfigSource.ofFile(write("routes.lua", MINIMAL));
        ProxyConfig first = ConfigLoader.load(source);
        assertThat(ConfigLoader.load(source)).isEqualTo(first);
        write("routes.lua", MINIMAL.replace("11215", "11216"));
        ProxyConfig second = ConfigLoader.load(source);
        assertThat(second).isNotEqualTo(first);
        assertThat(second.pools().get("main").backends().get(0))
                .isEqualTo(first.pools().get("main").backends().get(0));
    }

    @Test
    void loadsTheWayMemcachedDoes() throws Exception {
        String library = write("shared.lua", "function main_pool() return { backends = { 'shared:1' } } end");
        String file =
                write("routes.lua", "pools{ main = main_pool() } routes{ default = route_direct{ child = 'main' } }");
        ProxyConfig config =
                ConfigLoader.load(ConfigSource.ofMemcachedOptions("routelib:" + library, Optional.of(file)));
        assertThat(config.pools().get("main").backends().getFirst().host()).isEqualTo("shared");
        assertThat(ConfigSource.ofMemcachedOptions("routelib", Optional.of("x")))
                .isEqualTo(ConfigSource.ofFile("x"));
    }

    @Test
    void tellsTheConfigurationItsOwnPath() throws Exception {
        String file = write("routes.lua", MINIMAL + "path = mcp.start_arg assert(path:match('routes.lua$'))");
        assertThat(ConfigLoader.load(ConfigSource.ofFile(file)).trees()).hasSize(1);
    }

    @Test
    void saysThatAFileCannotBeRead() {
        assertThat(errors(ConfigSource.ofFile(directory.resolve("missing.lua").toString())))
                .containsExactly("missing.lua: cannot be read: no such file");
        assertThat(errors(ConfigSource.ofFile(directory.toString())))
                .singleElement()
                .asString()
                .contains("s a directory");
    }

    @Test
    void needsTheUsersFile() {
        assertThat(errors(ConfigSource.ofMemcachedOptions("routelib", Optional.empty())))
                .containsExactly("routelib: the built-in route library needs a configuration file: proxy_arg=FILE");
    }

    @Test
    void refusesToReplaceTheLibraryByName() {
        assertThat(errors(ConfigSource.ofMemcachedOptions("own.lua", Optional.empty())))
                .containsExactly("own.lua: is a Lua program of its own; only configurations of the built-in route "
                        + "library can be read as a"
                        + " model");
    }

    @Test
    void findsModulesByLuaPath() throws Exception {
        write("modules/pools_of.lua", "return function(host) return { main = { backends = { host } } } end");
        String file = write(
                "routes.lua",
                "pools(require('pools_of')('found'))\nroutes{ default = route_direct{ child = 'main' } }");
        ConfigHost host = new ConfigHost() {
            @Override
            public String environment(String name) {
                return name.equals("LUA_PATH") ? directory + "/modules/?.lua" : null;
            }
        };
        ProxyConfig config = ConfigLoader.load(ConfigSource.ofFile(file), host);
        assertThat(config.pools().get("main").backends().getFirst().host()).isEqualTo("found");
    }

    @Test
    void namesTheFileInWhichAMistakeIs() throws Exception {
        String pools = write("pools.lua", "\npools{\n  main = { backends = {} },\n}");
        String file =
                write("routes.lua", "dofile('" + pools + "')\nroutes{ default = route_direct{\n child = 'mian' } }");
        assertThat(errors(ConfigSource.ofFile(file)))
                .containsExactly(
                        "pools.lua:3: pool \"main\": backends: is empty; a pool needs at least one backend",
                        "routes.lua:3: route_direct: no pool named \"mian\" (did you mean \"main\"?)");
    }

    @Test
    void namesFilesWithLongPathsInFull() throws Exception {
        String name = "a-directory-with-a-long-name/another-directory-with-a-long-name/and-a-long-file-name.lua";
        String file = write(name, "settings{\n  colour = 1 }\nlocal x = nil .. 'a'");
        assertThat(errors(ConfigSource.ofFile(file)))
                .containsExactly(
                        name + ":2: settings: unknown setting \"colour\"",
                        name + ":3: attempt to concatenate a nil value");
    }

    @Test
    void acceptsAFirstLineForTheShell() throws Exception {
        String file = write("routes.lua", "#!/usr/bin/env memroute\n" + MINIMAL + "settings{ colour = 1 }");
        assertThat(errors(ConfigSource.ofFile(file)))
                .containsExactly("routes.lua:4: settings: unknown setting \"colour\"");
    }

    // ---- errors in Lua ----

    @Test
    void aSyntaxErrorIsReportedWithItsLine() throws Exception {
        String file = write("routes.lua", "pools{\n  main = { backends = { 'a' }\n}\nroutes{}");
        assertThat(errors(ConfigSource.ofFile(file)))
                .containsExactly("routes.lua:4: '}' expected (to close '{' at line 1) near 'routes'");
    }

    @Test
    void aRuntimeErrorEndsReadingButWhatWasFoundBeforeIsReportedToo() throws Exception {
        String file = write("routes.lua", """
                settings{ colour = 1 }
                routes{ default = route_direct{ child = "defined_below" } }
                local t = nil
                t.x = 1
                pools{ defined_below = { backends = { "a" } } }
                """);
        assertThat(errors(ConfigSource.ofFile(file)))
                .containsExactly(
                        "routes.lua:1: settings: unknown setting \"colour\"",
                        "routes.lua:4: attempt to index a nil value (local 't')");
    }

    @Test
    void anErrorRaisedByTheConfigurationIsItsOwn() throws Exception {
        assertThat(errors(ConfigSource.ofFile(write("routes.lua", MINIMAL + "error('no zone', 0)"))))
                .containsExactly("routes.lua: no zone");
        assertThat(errors(ConfigSource.ofFile(write("routes.lua", MINIMAL + "error({})"))))
                .containsExactly("routes.lua: (error object is a table value)");
    }

    @Test
    void aMistypedFunctionIsReportedWithTheNearestName() throws Exception {
        assertThat(errors(ConfigSource.ofFile(write("routes.lua", "pool{}"))))
                .containsExactly("routes.lua:1: attempt to call a nil value (global 'pool') (did you mean \"pools\"?)");
        assertThat(errors(ConfigSource.ofFile(write("routes.lua", "\nx = route_failovr{}"))))
                .containsExactly("routes.lua:2: attempt to call a nil value (global 'route_failovr') (did you mean "
                        + "\"route_failover\"?)");
        assertThat(errors(ConfigSource.ofFile(write("routes.lua", "mcp.backend_dpeth_limit(5)"))))
                .containsExactly("routes.lua:1: attempt to call a nil value (field 'backend_dpeth_limit')"
                        + " (did you mean \"backend_depth_limit\"?)");
    }

    @Test
    void functionsForWorkersAndOtherProgramsAreRefusedByName() throws Exception {
        String file = write("routes.lua", MINIMAL + """
                mcp.register_cron("rescan", { every = 60, func = function() end })
                local pool = mcp.pool({})
                mcp.attach(mcp.CMD_GET, pool)
                """);
        assertThat(errors(ConfigSource.ofFile(file)))
                .containsExactly("routes.lua:4: mcp.pool: " + NOT_HERE, "routes.lua:5: mcp.attach: " + NOT_HERE);
    }

    @Test
    void aCallThroughAnotherFunctionHasThePlaceOfTheCall() throws Exception {
        String file = write("routes.lua", "\nlocal ok = pcall(settings, { colour = 1 })\n" + MINIMAL);
        assertThat(errors(ConfigSource.ofFile(file)))
                .containsExactly("routes.lua:2: settings: unknown setting \"colour\"");
    }

    @Test
    void osExitDoesNotEndTheProcess() throws Exception {
        assertThat(errors(ConfigSource.ofFile(write("routes.lua", "os.exit(1)"))))
                .containsExactly("routes.lua:1: os.exit is not available here");
    }

    @Test
    @Timeout(60)
    void endlessRecursionIsALuaError() throws Exception {
        assertThat(errors(ConfigSource.ofFile(write("routes.lua", "local function f() return 1 + f() end f()"))))
                .singleElement()
                .asString()
                .startsWith("routes.lua:1: stack overflow");
    }

    @Test
    void theExceptionSaysEverythingInItsMessage() throws Exception {
        String file = write("routes.lua", "settings{ colour = 1,\nshape = 2 }" + MINIMAL);
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(ConfigSource.ofFile(file)));
        assertThat(e)
                .hasMessage(file + ":1: settings: unknown setting \"colour\"\n" + file
                        + ":2: settings: unknown setting \"shape\"");
        assertThat(e.errors().get(1).file()).isEqualTo(file);
        assertThat(e.errors().get(1).line()).isEqualTo(2);
        assertThat(e.errors().get(1).message()).isEqualTo("settings: unknown setting \"shape\"");
    }
}
