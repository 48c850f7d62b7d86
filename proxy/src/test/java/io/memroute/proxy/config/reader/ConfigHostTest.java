package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigHost.Trust;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration may do to the machine that reads it. */
@Timeout(60)
class ConfigHostTest {

    private static final String ROUTES =
            "\npools{ main = { backends = { '10.0.0.1' } } }\nroutes{ default = route_direct{ child = 'main' } }\n";
    private static final LuaBounds SHORT =
            LuaBounds.ofHeap(1 << 30).withLoadTime(Duration.ofMillis(200)).withLoadBytes(32 << 20);

    @TempDir
    Path directory;

    private void load(String lua, Trust trust, LuaBounds bounds) throws ConfigException, IOException {
        Path own = Files.createDirectories(directory.resolve("own"));
        Path file = Files.writeString(own.resolve("routes.lua"), lua + ROUTES);
        ConfigSource source = ConfigSource.ofFile(file.toString());
        ConfigLoader.load(source, new ConfigHost(bounds, trust, List.of(source)));
    }

    private void load(String lua, Trust trust) throws ConfigException, IOException {
        load(lua, trust, LuaBounds.defaults());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.open('FILE', 'w')",
                "io.open('FILE', 'a')",
                "io.open('FILE', 'r+')",
                "io.output('FILE')",
                "io.tmpfile()",
                "os.remove('FILE')",
                "os.rename('FILE', 'FILE2')",
                "os.tmpname()",
                "pcall(io.open, 'FILE', 'w') io.open('FILE', 'w')",
            })
    void onlyATrustedConfigurationChangesFiles(String statement) throws Exception {
        Path file = Files.createDirectories(directory.resolve("own")).resolve("kept");
        Files.writeString(file, "text");
        String lua = statement.replace("FILE", file.toString());
        for (Trust trust : List.of(Trust.BESIDE, Trust.READING)) {
            String function = statement.replaceFirst("^pcall.* (?=io)", "").replaceFirst("\\(.*", "");
            assertThatThrownBy(() -> load(lua, trust))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("routes.lua:1: " + function + ": ")
                    .hasMessageContaining(trust == Trust.BESIDE ? "--trust" : "changes no files");
            assertThat(file).hasContent("text");
            assertThat(directory.resolve("own").resolve("kept2")).doesNotExist();
        }
        load(lua, Trust.FULL);
    }

    @Test
    void readsWhatLiesBesideItAndNothingElse() throws Exception {
        Path own = Files.createDirectories(directory.resolve("own/modules"));
        Files.writeString(own.resolve("mine.lua"), "return { zone = 'z' }");
        Path secret = Files.writeString(directory.resolve("secret"), "root:$6$hash\n");
        Files.createSymbolicLink(own.resolve("link"), secret);
        load(
                "package.path = '" + own + "/?.lua' assert(require('mine').zone == 'z' and dofile('" + own
                        + "/mine.lua'))",
                Trust.BESIDE);
        for (String read : List.of(
                "dofile('FILE')",
                "loadfile('FILE')",
                "io.open('FILE')",
                "io.lines('FILE')",
                "io.input('FILE')",
                "package.path = 'FILE' require 'x'",
                "local_zone_from_file('FILE')")) {
            for (Path file : List.of(secret, own.resolve("link"), own.resolve("../../secret"))) {
                String lua = read.replace("FILE", file.toString());
                assertThatThrownBy(() -> load(
                                "x = assert(" + (read.startsWith("package") ? "true) " + lua : lua + ")"),
                                Trust.BESIDE))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("routes.lua:1: ")
                        .hasMessageContaining("--trust")
                        .hasMessageNotContaining("hash");
            }
        }
        load("assert(io.open('" + secret + "'):read('a') == 'root:$6$hash\\n')", Trust.READING);
    }

    /** The working directory is where the operator happens to be, at worst the root of all files. */
    @ParameterizedTest
    @ValueSource(strings = {"routelib", "no-such-file", "production", ".", "/", "/no-such-file"})
    void readsNothingInTheWorkingDirectoryForAWordThatNamesNoFileThere(String word) throws Exception {
        Path here = Path.of("").toAbsolutePath();
        Path file = Files.writeString(
                Files.createDirectories(directory.resolve("own")).resolve("routes.lua"),
                "io.open('" + here.resolve("pom.xml") + "')" + ROUTES);
        assertThat(here.resolve("pom.xml")).exists();
        ConfigSource source = ConfigSource.ofFile(file.toString());
        List<ConfigSource> sources = List.of(source, new ConfigSource(List.of(word), Optional.of(word)));
        assertThatThrownBy(() -> ConfigLoader.load(source, new ConfigHost(LuaBounds.defaults(), Trust.BESIDE, sources)))
                .hasMessageContaining("pom.xml\" is not read");
    }

    @Test
    void takesNeitherTheRootNorTheWorkingDirectoryForModules() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        Path file = Files.writeString(
                Files.createDirectories(directory.resolve("own")).resolve("routes.lua"),
                "io.open('" + here.resolve("pom.xml") + "')" + ROUTES);
        ConfigSource source = ConfigSource.ofFile(file.toString());
        for (String path : List.of("./?.lua;;", "?.lua", "src/../?.lua;/?.lua", "/?", "/tmp/../?.lua")) {
            ConfigHost host = withModulePath(path, source);
            assertThatThrownBy(() -> ConfigLoader.load(source, host)).hasMessageContaining("pom.xml\" is not read");
        }
        ConfigLoader.load(source, withModulePath("/nowhere/?.lua;" + here + "/?.lua", source));
    }

    private static ConfigHost withModulePath(String path, ConfigSource source) {
        class Host extends ConfigHost {
            Host() {
                super(LuaBounds.defaults(), Trust.BESIDE, List.of(source));
            }

            @Override
            public String environment(String name) {
                return name.equals("LUA_PATH") ? path : null;
            }
        }
        return new Host();
    }

    @Test
    void opensNothingThatMayKeepItWaiting() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            for (Path file : List.of(pipe, socket, Path.of("/dev/zero"), Path.of("/dev/random"))) {
                load(
                        "local f, e = io.open('FILE') assert(not f and e == 'FILE: Not a regular file', e)"
                                .replace("FILE", file.toString()),
                        Trust.FULL);
                load(
                        "assert(not pcall(io.lines, 'FILE') and not loadfile('FILE') and not pcall(dofile, 'FILE'))"
                                .replace("FILE", file.toString()),
                        Trust.FULL);
                load(
                        "assert(not pcall(io.open('FILE', 'w')))"
                                .replace("FILE", file.toString())
                                .replace("pcall(io", "(io"),
                        Trust.FULL);
                assertThatThrownBy(() -> load("load('pools{ x = 1 }', '@" + file + "')()", Trust.FULL))
                        .isInstanceOf(ConfigException.class);
            }
        }
        load("assert(io.read('a') == '' and io.read('l') == nil and dofile() == nil)", Trust.FULL);
    }

    @Test
    void aLoadIsOverWhenItsTimeIs() {
        String handler = "register_route_handlers{ 'mine' } function route_mine_conf(a) %s return a end function "
                + "route_mine_start() end "
                + "pools{ p = { backends = { '10.0.0.2' } } } local r = {} for i = 1, 20 do r['p' "
                + ".. i] = route_mine{} end routes{ tag = 't', map = r }";
        assertThatThrownBy(() -> load("\nwhile true do end", Trust.FULL, SHORT))
                .hasMessageContaining("routes.lua:2: time budget of 200 ms exceeded; a proxy started with -o "
                        + "lua_load_time=SECONDS allows more");
        assertThatThrownBy(() -> load(
                        handler.formatted("for i = 1, 1e8 do end"),
                        Trust.FULL,
                        SHORT.withLoadTime(Duration.ofSeconds(1))))
                .hasMessageContaining("route_mine_conf: time budget of 1000 ms exceeded");
        assertThatThrownBy(() -> load(
                        "local t = {} while true do t[#t + 1] = { t } end",
                        Trust.FULL,
                        SHORT.withLoadTime(Duration.ofSeconds(50))))
                .hasMessageContaining("routes.lua:1: not enough memory")
                .hasMessageContaining("-o lua_load_memory=MEGABYTES");
    }

    @Test
    void aLongMessageIsCutShort() {
        assertThatThrownBy(() -> load("error((\"near '\"):rep(1e6))", Trust.FULL))
                .satisfies(error -> assertThat(error.getMessage()).hasSizeLessThan(10_000));
    }
}
