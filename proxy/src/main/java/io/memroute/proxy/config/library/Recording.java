package io.memroute.proxy.config.library;

import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.source.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record of all that the files of one configuration have said, in their order; not checked yet. */
public final class Recording {

    /** A value given under a name. */
    public record Definition(Object value, Place place) {}

    /** The table that a function was called with. */
    public record Statement(LuaTable argument, Place place) {}

    /** The calls of {@code settings{}}: each replaces the one before. */
    public final List<Statement> settings = new ArrayList<>();

    /** The definitions given to {@code pools{}}, by name: a later one of the same name replaces the earlier. */
    public final Map<String, Definition> pools = new LinkedHashMap<>();

    /** The calls of {@code routes{}}. */
    public final List<Statement> routes = new ArrayList<>();

    /** Whether {@code routes{}} was called at all, rightly or wrongly. */
    public boolean routesCalled;

    /** Every call of a {@code route_NAME}, whether its route became part of a tree or not. */
    public final List<RouteTerm> madeRoutes = new ArrayList<>();

    /** The calls of {@code access{}}: each adds its rules to those before. */
    public final List<Statement> access = new ArrayList<>();

    /** The calls of {@code quotas{}}: each adds its limits to those before. */
    public final List<Statement> quotas = new ArrayList<>();

    /** The calls of {@code test{}}. */
    public final List<Statement> tests = new ArrayList<>();

    /** Values that {@code mcp} tunables were set to, under the names that {@code settings{}} has for them. */
    public final LuaTable tunables = new LuaTable();

    /** The place where each tunable was last set. */
    public final Map<String, SourceLocation> tunablePlaces = new LinkedHashMap<>();

    /**
     * The user counters that the files declare with {@code mcp.add_stat}, and handlers with {@code ctx:get_stats_id}.
     */
    public final UserCounterNames counters = new UserCounterNames(() -> UserCounterNames.DEFAULT_LIMIT);

    /** Whether {@code say} prints. */
    public boolean verbose;

    /** Whether {@code dsay} prints. */
    public boolean debug;

    /** The zone this proxy is in, once it is set. */
    public @Nullable Zone localZone;
}
