package io.memroute.proxy.explain;

import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.LoadedConfig;
import io.memroute.proxy.explain.render.CheckText;
import io.memroute.proxy.explain.render.WhyText;
import io.memroute.proxy.script.library.LibraryLoader;
import io.memroute.proxy.script.library.LuaRoutePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A configuration in a file {@code routes.lua} that is there while it is looked at; answers name it without its
 * directory.
 */
final class ConfigFile {

    private static final String NAME = "routes.lua";

    private final String text;

    private ConfigFile(String text) {
        this.text = text;
    }

    static ConfigFile of(String text) {
        return new ConfigFile(text);
    }

    private interface Question<T> {
        T ask(ConfigSource source) throws ConfigException;
    }

    private <T> T ask(Question<T> question) {
        try {
            Path directory = directory();
            Path file = directory.resolve(NAME);
            try {
                Files.writeString(file, text);
                return question.ask(ConfigSource.ofFile(file.toString()));
            } catch (ConfigException e) {
                throw new AssertionError(e.getMessage(), e);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new directory with a short name: how lines are broken should not depend on it much. */
    private static Path directory() throws IOException {
        for (int number = 1; ; number++) {
            Path directory = Path.of("target", "memroute" + number);
            try {
                return Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
                // Of another test.
            }
        }
    }

    LoadedConfig load() {
        return ask(source -> ConfigLoader.loadAll(source, new ConfigHost(), LibraryLoader.withoutServer()));
    }

    /** The report on its {@code test{}} blocks. */
    RouteTests.Report tests() {
        return ask(source -> RouteTests.run(
                ConfigLoader.loadAll(source, new ConfigHost(), LibraryLoader.withoutServer()), new ConfigHost()));
    }

    Explanation why(String command, String... down) {
        return whyTagged("", command, down);
    }

    Explanation whyTagged(String tag, String command, String... down) {
        return new Why(LuaRoutePlan.plan(load().config())).explain(CommandLine.of(command), tag, Set.of(down));
    }

    /** The explanation of a command that a client with these names sends. */
    Explanation whyAs(String client, String command) {
        List<IdentityName> names = Stream.of(client.split(","))
                .map(name -> IdentityName.of(name).orElseThrow())
                .toList();
        return new Why(LuaRoutePlan.plan(load().config())).explain(CommandLine.of(command), "", Set.of(), names);
    }

    String whyText(String command, String... down) {
        return withoutDirectory(WhyText.of(why(command, down)));
    }

    Check.Report check() {
        return ask(source -> Check.run(source, new ConfigHost()));
    }

    /** As for a proxy whose listeners have these tags, and clients that neither log in nor show certificates. */
    Check.Report check(Set<String> tags) {
        return check(new KnownListeners(tags, false, false));
    }

    /** As for a proxy with these listeners. */
    Check.Report check(KnownListeners listeners) {
        return ask(source -> Check.run(source, new ConfigHost(), Optional.of(listeners)));
    }

    /** The report as the command prints it. */
    String checkText() {
        return withoutDirectory(CheckText.of(NAME, check()));
    }

    /** The first run of a command on a listener without a tag. */
    Course run(String command, StandIn.Cast cast) {
        return new Simulation(LuaRoutePlan.plan(load().config()), cast).run("", CommandLine.of(command));
    }

    /**
     * Takes the temporary directory out of file names. Columns behind them keep their distance only in the last place.
     */
    static String withoutDirectory(String text) {
        return text.replaceAll("target/memroute\\d+/" + NAME, NAME);
    }
}
