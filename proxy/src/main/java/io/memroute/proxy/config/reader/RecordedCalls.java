package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the files of one configuration said, in the order in which they said it; not checked yet. */
final class RecordedCalls {

    /** A value given under a name. */
    record Definition(Object value, Place place) {}

    /** The table that a function was called with. */
    record Call(LuaTable argument, Place place) {}

    /** The calls of {@code settings{}}: each replaces the one before. */
    final List<Call> settings = new ArrayList<>();

    /** The definitions given to {@code pools{}}, by name: a later one of the same name replaces the earlier. */
    final Map<String, Definition> pools = new LinkedHashMap<>();

    /** The calls of {@code routes{}}. */
    final List<Call> routes = new ArrayList<>();

    /** Whether {@code routes{}} was called at all, rightly or wrongly. */
    boolean routesCalled;

    /** Every call of a {@code route_NAME}, whether its route became part of a tree or not. */
    final List<RouteCall> madeRoutes = new ArrayList<>();

    /** The calls of {@code test{}}. */
    final List<Call> tests = new ArrayList<>();

    /** What {@code mcp} tunables were set to, under the names that {@code settings{}} has for them. */
    final LuaTable tunables = new LuaTable();

    /** Where each tunable was last set. */
    final Map<String, SourceLocation> tunablePlaces = new LinkedHashMap<>();

    /**
     * The user counters that the files declare with {@code mcp.add_stat}, and handlers with {@code ctx:get_stats_id}.
     */
    final UserCounterNames counters = new UserCounterNames(() -> UserCounterNames.DEFAULT_LIMIT);

    /** Whether {@code say} prints. */
    boolean verbose;

    /** Whether {@code dsay} prints. */
    boolean debug;

    /** The zone this proxy is in; null if not set. */
    String localZone;
}
