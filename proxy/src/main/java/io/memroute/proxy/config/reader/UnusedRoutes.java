package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.handler.RoutePosition;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds routes that are part of no tree, and what is wrong with them: no request gets there today, but the slip is
 * there when somebody uses the route tomorrow.
 */
final class UnusedRoutes {

    private final PoolNames names;
    private final Optional<Zone> localZone;
    private final Settings settings;
    private final Findings findings;

    UnusedRoutes(PoolNames names, Optional<Zone> localZone, Settings settings, Findings findings) {
        this.names = names;
        this.localZone = localZone;
        this.settings = settings;
        this.findings = findings;
    }

    /** @param made every route, when all trees have been read */
    void find(List<RouteTerm> made) {
        List<RouteTerm> unused = made.stream()
                .filter(call -> !call.isRead() && call.hasArguments())
                .toList();
        Set<RouteTerm> nested = Collections.newSetFromMap(new IdentityHashMap<>());
        unused.forEach(call -> collect(call.arguments(), nested, true));
        unused.stream().filter(call -> !nested.contains(call)).forEach(this::look);
    }

    /** Looks at a tree that another one replaces. */
    void look(String tag, Recording.Statement replaced) {
        Findings own = new Findings();
        new TreeReader(reader(own), settings, own).read(tag, replaced);
        warn(own);
    }

    private RouteReader reader(Findings own) {
        return new RouteReader(names, localZone, true, Optional.empty(), own);
    }

    private void warn(Findings own) {
        own.errors().forEach(error -> findings.warn(Warning.Kind.UNUSED_ROUTE, error.where(), error.message()));
        own.warnings().sorted().forEach(warning -> findings.warn(warning.kind(), warning.where(), warning.message()));
    }

    private static void collect(LuaTable arguments, Set<RouteTerm> into, boolean inner) {
        for (LuaValues.Entry entry : LuaValues.inOrder(arguments)) {
            if (entry.value() instanceof RouteTerm call) {
                into.add(call);
            } else if (inner && entry.value() instanceof LuaTable children) {
                collect(children, into, false);
            }
        }
    }

    private void look(RouteTerm call) {
        findings.warn(Warning.Kind.UNUSED_ROUTE, call.place().where(), call.function() + ": is used by no routes{}");
        Findings own = new Findings();
        RouteReader reader = reader(own);
        // A place that says nothing about commands, so that only what is wrong everywhere is found.
        RoutePosition nowhere = RoutePosition.of(RoutePosition.DEFAULT, Optional.empty());
        if (ChildWrap.isWrap(call)) {
            new ChildWrap(names)
                    .expand(call, own)
                    .ifPresent(all -> all.forEach(one -> reader.read(one.route(), nowhere)));
        } else {
            reader.read(call, nowhere);
        }
        warn(own);
    }
}
