package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A configuration written to a file {@code routes.lua} and loaded from there. */
final class ConfigText {

    private static final String NAME = "routes.lua";

    private final String text;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private ConfigText(String text) {
        this.text = text;
    }

    static ConfigText of(String text) {
        return new ConfigText(text);
    }

    /** The text followed by a tree, for tests of everything but routes. */
    static ConfigText withRoutes(String text) {
        return new ConfigText(text + "\nroutes{ default = route_direct{ child = \"internal\" } }\n");
    }

    ConfigText environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    ProxyConfig load() {
        return loadAll().config();
    }

    LoadedConfig loadAll() {
        try {
            return tryLoad();
        } catch (ConfigException e) {
            throw new AssertionError("errors where none were expected:\n" + e.getMessage(), e);
        }
    }

    private LoadedConfig tryLoad() throws ConfigException {
        Path directory = null;
        try {
            directory = Files.createTempDirectory("memroute");
            Path file = Files.writeString(directory.resolve(NAME), text);
            return ConfigLoader.loadAll(ConfigSource.ofFile(file.toString()), new Host());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(NAME));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every error as an operator sees it, {@code routes.lua:LINE: TEXT}. */
    List<String> errors() {
        ConfigException e = catchThrowableOfType(ConfigException.class, this::tryLoad);
        if (e == null) {
            throw new AssertionError("no errors");
        }
        return e.errors().stream()
                .map(error -> error.toString().replaceAll("/[^ ]*/memroute\\d+/" + NAME, NAME))
                .toList();
    }

    PoolSpec pool(String name) {
        return load().pools().get(name);
    }

    /** The first backend of the pool {@code main}. */
    BackendSpec backend() {
        return pool("main").backends().getFirst();
    }

    /** The default route of the untagged tree. */
    RouteSpec defaultRoute() {
        return load().trees().getFirst().defaultRoute().orElseThrow();
    }

    /** What the configuration printed. */
    String output() {
        load();
        return output.toString(StandardCharsets.UTF_8);
    }

    private final class Host extends ConfigHost {

        @Override
        public OutputStream stdout() {
            return output;
        }

        @Override
        public String environment(String name) {
            return environment.get(name);
        }
    }
}
