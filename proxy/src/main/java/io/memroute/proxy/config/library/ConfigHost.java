package io.memroute.proxy.config.library;

import io.memroute.lua.CallLevel;
import io.memroute.lua.CallStack;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaState;
import io.memroute.proxy.config.source.FileBytes;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.discovery.ServerLookup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The process as the Lua of a configuration sees it, and the limits on that Lua. No file but regular ones: opening or
 * reading another may take for ever. Standard input is empty, and the heap, which is not the configuration's alone, is
 * collected when the JVM wants.
 */
public class ConfigHost extends LuaHost {

    /** The rights of a configuration on files. */
    public enum Trust {
        /** Everything that the process may do: an operator starts a proxy on it. */
        FULL,
        /** Read what the process may, and change nothing: a running proxy is asked about its own files. */
        READING,
        /** Read what lies beside its own files, and change nothing: somebody only looks at it. */
        BESIDE
    }

    /** Library functions in each other, at most. */
    private static final int LIBRARY_LEVELS = 10;

    /** Directories where Lua's modules are installed. */
    private static final List<String> MODULES = List.of("/usr/share/lua", "/usr/local/share/lua");

    /** Environment variables that add to them. */
    private static final List<String> MODULE_PATHS = List.of("LUA_PATH_5_4", "LUA_PATH");

    private final LuaBounds bounds;
    private final Trust trust;
    /** The directories in which files are read if the configuration is not trusted to read others. */
    private final Set<Path> readable = new LinkedHashSet<>();

    /** Makes the host of a proxy that serves, with the default bounds. */
    public ConfigHost() {
        this(LuaBounds.defaults(), Trust.FULL, List.of());
    }

    /** Makes the host of a proxy that serves. */
    public ConfigHost(LuaBounds bounds) {
        this(bounds, Trust.FULL, List.of());
    }

    /** @param sources the configuration's own files */
    public ConfigHost(LuaBounds bounds, Trust trust, List<ConfigSource> sources) {
        this.bounds = bounds;
        this.trust = trust;
        if (trust == Trust.BESIDE) {
            sources.stream()
                    .flatMap(source -> Stream.concat(source.files().stream(), source.argument().stream()))
                    .forEach(this::addBeside);
            MODULES.forEach(this::addModules);
            MODULE_PATHS.stream().map(this::environment).forEach(this::addModulePath);
        }
    }

    public final LuaBounds bounds() {
        return bounds;
    }

    /** The lookup for the servers of sources that pools list: finds none, unless a host overrides it. */
    public ServerLookup servers() {
        return ServerLookup.NONE;
    }

    /**
     * The text of one of the configuration's own files.
     *
     * @throws InvalidPathException if the name is none
     */
    public byte[] source(String name) throws IOException {
        return FileBytes.read(Path.of(name));
    }

    /** A word that names no file, as the built-in library or an argument of a program, has nothing beside it. */
    private void addBeside(String file) {
        try {
            Path path = Path.of(file).toAbsolutePath();
            if (!file.equals(ConfigSource.BUILT_IN) && !Files.isDirectory(path)) {
                Path real = path.toRealPath();
                addDirectory(path.resolveSibling("."));
                addDirectory(real.resolveSibling("."));
            }
        } catch (IOException | InvalidPathException e) {
            // Not a file either.
        }
    }

    private void addModulePath(String templates) {
        if (templates != null) {
            Stream.of(templates.split(";"))
                    .filter(template -> template.indexOf('?') > 0)
                    .map(template -> template.substring(0, template.indexOf('?')))
                    .forEach(this::addModules);
        }
    }

    /** A relative directory is whichever the process was started in, which says nothing about the files there. */
    private void addModules(String directory) {
        try {
            Path path = Path.of(directory);
            if (path.isAbsolute()) {
                addDirectory(path);
            }
        } catch (InvalidPathException e) {
            // Nothing is read in a directory that is none.
        }
    }

    /** Adds all below a directory, but for the root's: that would be every file. */
    private void addDirectory(Path directory) {
        try {
            Path real = directory.toRealPath();
            if (real.getNameCount() > 0) {
                readable.add(real);
            }
        } catch (IOException e) {
            // Nothing is read in a directory that is not there.
        }
    }

    @Override
    public InputStream stdin() {
        return InputStream.nullInputStream();
    }

    @Override
    public void collectGarbage() {}

    @Override
    public Path file(LuaState L, String function, String name, boolean write) throws IOException {
        Path file = Path.of(name);
        if (write && trust != Trust.FULL) {
            throw refused(
                    L,
                    function + ": \"" + name + "\" is not written: "
                            + (trust == Trust.READING
                                    ? "a question about a running proxy changes no files"
                                    : "this command only looks at a configuration, and lets it"
                                            + " change files only with --trust"));
        }
        if (!Files.exists(file)) {
            return file;
        }
        if (trust == Trust.BESIDE && !isReadable(file)) {
            throw refused(
                    L,
                    function + ": \"" + name
                            + "\" is not read: this command only looks at a configuration, and lets it read files"
                            + " outside its own directory only with --trust");
        }
        if (!Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new FileSystemException(name, null, "Not a regular file");
        }
        return file;
    }

    /** Named with the place in the script, however many library functions lie between, as in {@code require}. */
    private static LuaError refused(LuaState L, String message) {
        String where = CallStack.levels(L, LIBRARY_LEVELS).stream()
                .filter(CallLevel::isLua)
                .findFirst()
                .map(CallLevel::where)
                .orElse("");
        return new LuaError(where + message);
    }

    private boolean isReadable(Path file) throws IOException {
        Path real = file.toRealPath();
        return readable.stream().anyMatch(real::startsWith);
    }
}
