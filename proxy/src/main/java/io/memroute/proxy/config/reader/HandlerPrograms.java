package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.proxy.config.HandlerFile;
import io.memroute.proxy.config.HandlerProgram;
import io.memroute.proxy.config.SourceLines;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.source.SourceFiles;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers the files of one load for the workers, and which of them define the functions that make routes there.
 * Memcached's library has workers run the files that {@code proxy_config} lists, and not the user's file; here the
 * user's file runs there too, but only if a function that is needed is its own.
 *
 * @see "docs/reference/route-library.md section 4.1"
 */
final class HandlerPrograms {

    private static final String PREFIX = "route_";
    private static final String START = "_start";

    private final Optional<String> startArgument;
    private final List<HandlerFile> listed = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // the file that is read first
    private HandlerFile main;

    private final Map<String, LuaFunction> startsOfListed = new HashMap<>();

    /** @param startArgument what {@code mcp.start_arg} is */
    HandlerPrograms(Optional<String> startArgument) {
        this.startArgument = startArgument;
    }

    /** A file that {@code proxy_config} lists has run. */
    void ran(HandlerFile file, LuaState lua) {
        listed.add(file);
        for (int at = lua.globals().next(-1); at >= 0; at = lua.globals().next(at)) {
            String name = lua.globals().keyAt(at).toString();
            if (name.startsWith(PREFIX)
                    && name.endsWith(START)
                    && lua.globals().valueAt(at) instanceof LuaFunction start) {
                startsOfListed.put(name.substring(PREFIX.length(), name.length() - START.length()), start);
            }
        }
    }

    /** The user's file is to run. */
    void runsLast(HandlerFile file) {
        main = file;
    }

    /**
     * Returns the program that workers need for some handlers; empty if there are none.
     *
     * @param lua the state in which all files have run
     */
    Optional<HandlerProgram> forHandlers(Set<String> used, LuaState lua, Recording recorded) {
        if (used.isEmpty()) {
            return Optional.empty();
        }
        List<HandlerFile> files = new ArrayList<>(listed);
        if (used.stream()
                .anyMatch(name -> !Objects.equals(startsOfListed.get(name), LuaHandlerReader.start(lua, name)))) {
            files.add(main);
        }
        return Optional.of(new HandlerProgram(
                files,
                lines(),
                startArgument,
                recorded.counters.byIndex(),
                Optional.ofNullable(recorded.localZone).map(Zone::name),
                recorded.verbose,
                recorded.debug));
    }

    /** The lines of the files that have run, and of no other that their code says it comes from. */
    private SourceLines lines() {
        SourceFiles lines = new SourceFiles(main.name(), file -> {
            throw new NoSuchFileException(file);
        });
        listed.forEach(file -> lines.add(file.name(), file.text().bytes()));
        lines.add(main.name(), main.text().bytes());
        return lines;
    }
}
