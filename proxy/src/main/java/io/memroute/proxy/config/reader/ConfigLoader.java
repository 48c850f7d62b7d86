package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.HandlerFile;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.library.McpTable;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.library.RouteLibrary;
import io.memroute.proxy.config.library.ServerFunctions;
import io.memroute.proxy.config.library.UndefinedNames;
import io.memroute.proxy.config.source.FileBytes;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.SourceFiles;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Loads a configuration: runs its files and checks what they said. Nothing survives from one load to the next, neither
 * settings nor Lua globals, so what is loaded is what the files say now.
 *
 * <p>A load may take as long as the files do; call it on a configuration thread.
 */
public final class ConfigLoader {

    /** Lua's message about a call of something that is not there, with its name. */
    private static final Pattern CALL_OF_NIL =
            Pattern.compile("attempt to call a nil value \\((?<kind>global|field) '(?<name>\\w+)'\\)");

    private final ConfigSource source;
    private final ConfigHost host;
    private final Findings findings = new Findings();
    private final Recording recorded = new Recording();
    private final SourceFiles sources;
    private final HandlerPrograms programs;
    private final ServerFunctions server;
    private final LuaState lua;

    private ConfigLoader(ConfigSource source, ConfigHost host, ServerFunctions server) {
        this.source = source;
        this.host = host;
        this.server = server;
        this.programs = new HandlerPrograms(source.argument());
        this.lua = StandardLibraries.newState(host, host.bounds().load());
        this.sources = new SourceFiles(source.name(), file -> host.file(lua, "check", file, false));
    }

    /**
     * Loads a configuration.
     *
     * @throws ConfigException everything that is wrong with it
     */
    public static ProxyConfig load(ConfigSource source) throws ConfigException {
        return load(source, new ConfigHost());
    }

    /**
     * Loads a configuration with what is in its files besides: tests, which a running proxy has no use for.
     *
     * @param server what the files may ask of a server
     * @throws ConfigException everything that is wrong with it
     */
    public static LoadedConfig loadAll(ConfigSource source, ConfigHost host, ServerFunctions server)
            throws ConfigException {
        return new ConfigLoader(source, host, server).load();
    }

    /** As {@link #loadAll(ConfigSource, ConfigHost, ServerFunctions)}, without a server. */
    public static LoadedConfig loadAll(ConfigSource source, ConfigHost host) throws ConfigException {
        return loadAll(source, host, ServerFunctions.NONE);
    }

    /** As {@link #load(ConfigSource)}, with another idea of environment variables, files and output. */
    public static ProxyConfig load(ConfigSource source, ConfigHost host) throws ConfigException {
        return loadAll(source, host).config();
    }

    private LoadedConfig load() throws ConfigException {
        // What the files call while they are read counts, too, as a part of one load.
        try (LuaState.Count whole = lua.count()) {
            return readAll();
        }
    }

    private LoadedConfig readAll() throws ConfigException {
        SourceLocation main = new SourceLocation(source.name(), 0);
        Optional<LoadedConfig> config = Optional.empty();
        if (usesBuiltInLibrary(main)) {
            new RouteLibrary(recorded, sources, findings).open(lua);
            new McpTable(recorded, sources, findings).open(lua, source.argument(), server);
            UndefinedNames names = new UndefinedNames(sources, findings);
            names.watch(lua);
            boolean complete = runAll();
            names.find(lua, complete);
            config = new ModelReader(recorded, main, sources, programs, lua, host.servers(), findings).read(complete);
        }
        if (findings.hasErrors()) {
            throw new ConfigException(findings.errors()).quoting(sources);
        }
        return config.orElseThrow();
    }

    private boolean usesBuiltInLibrary(SourceLocation main) {
        if (source.files().isEmpty() || !source.files().getFirst().equals(ConfigSource.BUILT_IN)) {
            findings.error(
                    main,
                    source.files().contains(ConfigSource.BUILT_IN)
                            ? "the built-in route library must come first: proxy_config=" + ConfigSource.BUILT_IN
                                    + ":..."
                            : "is a Lua program of its own; only configurations of the built-in"
                                    + " route library can be read as a model");
            return false;
        }
        if (source.argument().isEmpty()) {
            findings.error(main, "the built-in route library needs a configuration file: proxy_arg=FILE");
            return false;
        }
        return true;
    }

    /** Runs the files until one fails; says whether all ran. */
    private boolean runAll() {
        for (String name : source.files().subList(1, source.files().size())) {
            Optional<HandlerFile> file = read(name);
            if (file.isEmpty() || !run(file.get())) {
                return false;
            }
            programs.ran(file.get(), lua);
        }
        Optional<HandlerFile> file = read(source.argument().orElseThrow());
        file.ifPresent(programs::runsLast);
        return file.isPresent() && run(file.get());
    }

    private Optional<HandlerFile> read(String file) {
        try {
            return Optional.of(new HandlerFile(file, LuaString.wrap(host.source(file))));
        } catch (IOException | InvalidPathException e) {
            findings.error(new SourceLocation(file, 0), "cannot be read: " + FileBytes.reason(e));
            return Optional.empty();
        }
    }

    private boolean run(HandlerFile file) {
        sources.add(file.name(), file.text().bytes());
        try {
            lua.run(Chunk.ofFile(lua, file.text().bytes(), file.name(), true).function(lua.globals()));
            return true;
        } catch (LuaError e) {
            SourceFiles.Located located = sources.locate(e);
            findings.error(located.where(), located.message() + hint(located.message()));
            return false;
        }
    }

    private static String hint(String message) {
        Matcher matcher = CALL_OF_NIL.matcher(message);
        if (!matcher.find()) {
            return "";
        }
        return NearestName.hint(
                matcher.group("name"),
                matcher.group("kind").equals("global") ? RouteLibrary.functions() : McpTable.functions());
    }
}
