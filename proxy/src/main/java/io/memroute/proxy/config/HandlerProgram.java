package io.memroute.proxy.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The program that a worker needs to run route handlers written in Lua.
 *
 * @param files run in this order in a state of its own on each worker
 * @param lines the lines of the whole configuration, for errors that first show on a worker
 * @param startArgument what {@code mcp.start_arg} is
 * @param counters the user counters by the index that {@code mcp.stat} takes, with a gap where there is none
 * @param localZone the zone this proxy is in, if the files say so
 * @param verbose whether {@code say} prints
 * @param debug whether {@code dsay} prints
 */
public record HandlerProgram(
        List<HandlerFile> files,
        SourceLines lines,
        Optional<String> startArgument,
        List<@Nullable String> counters,
        Optional<String> localZone,
        boolean verbose,
        boolean debug) {

    public HandlerProgram {
        files = List.copyOf(files);
        Objects.requireNonNull(lines, "lines");
        Objects.requireNonNull(startArgument, "startArgument");
        counters = Collections.unmodifiableList(new ArrayList<>(counters));
        Objects.requireNonNull(localZone, "localZone");
    }
}
