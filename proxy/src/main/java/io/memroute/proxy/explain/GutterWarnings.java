package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.HandlerSpec;
import java.util.Optional;
import java.util.Set;

/**
 * Finds gutters that keep what was deleted. While a server is down a failover stores in its gutter; once the server is
 * back, deletes go to the server alone; when it is down again the gutter still has the old value.
 */
final class GutterWarnings {

    private final RouteTree tree;
    private final Warnings to;

    private GutterWarnings(RouteTree tree, Warnings to) {
        this.tree = tree;
        this.to = to;
    }

    static void find(ProxyConfig config, Warnings to) {
        for (RouteTree tree : config.trees()) {
            GutterWarnings gutters = new GutterWarnings(tree, to);
            tree.map().values().forEach(entry -> gutters.look(Optional.of(entry)));
            gutters.look(Optional.empty());
        }
    }

    /** @param entry of {@code map} for the keys that are looked at; empty: keys without a prefix of it */
    private void look(Optional<CommandMap> entry) {
        Optional<RouteSpec> sets = route(entry, Command.SET);
        Optional<RouteSpec> gets = route(entry, Command.GET);
        Optional<RouteSpec> deletes = route(entry, Command.DELETE);
        if (sets.isPresent() && gets.isPresent() && deletes.isPresent()) {
            Set<String> stale = Reach.possible(gets.get());
            stale.removeAll(Reach.certain(deletes.get()));
            look(sets.get(), stale);
        }
    }

    private Optional<RouteSpec> route(Optional<CommandMap> entry, Command command) {
        return entry.flatMap(commands -> commands.route(command))
                .or(() -> Optional.ofNullable(tree.cmap().get(command)))
                .or(tree::defaultRoute);
    }

    /** @param stale the pools that gets may ask, but deletes not get to */
    private void look(RouteSpec route, Set<String> stale) {
        HandlerSpec handler = HandlerSpec.of(route);
        for (ZonedChild child : handler.gutters()) {
            Optional<String> gutter = Reach.withOwnTtl(child.child()).stream()
                    .filter(stale::contains)
                    .findFirst();
            if (gutter.isPresent()) {
                to.add(
                        Warning.Kind.STALE_GUTTER,
                        route.where(),
                        "route_" + route.handler() + ": what \"" + gutter.get()
                                + "\" stores while others fail stays there when it is deleted"
                                + " later; give it a short life with route_ttl,"
                                + " or have deletes go to all children (route_allsync)");
                return;
            }
        }
        for (ZonedChild child : handler.children()) {
            if (child.child() instanceof ChildSpec.RouteChild(RouteSpec nested)) {
                look(nested, stale);
            }
        }
    }
}
