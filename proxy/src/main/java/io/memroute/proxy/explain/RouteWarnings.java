package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Review;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what is suspicious about single routes, with the commands that can get there. */
final class RouteWarnings {

    private static final Set<Command> ROUTED = EnumSet.range(Command.MG, Command.PREPEND);

    private static final String TO_SEVERAL =
            " to several servers, each of which counts CAS numbers for itself: a number of one does not match at"
                    + " another";

    private final Placement placement = new Placement();
    private final Optional<String> localZone;
    private final Warnings to;

    private RouteWarnings(Optional<String> localZone, Warnings to) {
        this.localZone = localZone;
        this.to = to;
    }

    static void find(ProxyConfig config, Optional<String> localZone, Warnings to) {
        RouteWarnings routes = new RouteWarnings(localZone, to);
        config.trees()
                .forEach(tree -> Rule.of(tree)
                        .forEach(rule -> routes.look(
                                rule.route(),
                                commands(rule, tree),
                                rule.prefix()
                                        .map(prefix -> tree.prefixRule().start()
                                                + prefix
                                                + tree.prefixRule().stop())
                                        .orElse(""),
                                false)));
    }

    /** The commands that take an entry: its own, or those that have none beside it. */
    private static Set<Command> commands(Rule rule, RouteTree tree) {
        if (rule.command().isPresent()) {
            return EnumSet.of(rule.command().get());
        }
        Set<Command> commands = EnumSet.copyOf(ROUTED);
        commands.removeAll(rule.prefix()
                .flatMap(prefix -> Optional.ofNullable(tree.map().get(prefix)))
                .map(CommandMap::routes)
                .orElse(tree.cmap())
                .keySet());
        return commands;
    }

    /**
     * @param commands that get there
     * @param beginning what all keys that get there begin with
     * @param noted whether it has been said of a route above that {@code cas} may go to several servers
     */
    private void look(RouteSpec route, Set<Command> commands, String beginning, boolean noted) {
        HandlerSpec handler = HandlerSpec.of(route);
        ReviewOfRoute review = new ReviewOfRoute(handler, commands, beginning, noted);
        handler.review(review);
        for (ZonedChild child : handler.children()) {
            if (child.child() instanceof ChildSpec.RouteChild(RouteSpec nested)) {
                look(nested, commands, handler.changes().beginning(beginning), review.noted);
            }
        }
    }

    private final class ReviewOfRoute implements Review {
        private final HandlerSpec route;
        private final Set<Command> commands;
        private final String beginning;
        private boolean noted;

        ReviewOfRoute(HandlerSpec route, Set<Command> commands, String beginning, boolean noted) {
            this.route = route;
            this.commands = commands;
            this.beginning = beginning;
            this.noted = noted;
        }

        @Override
        public Set<Command> commands() {
            return commands;
        }

        @Override
        public String beginning() {
            return beginning;
        }

        @Override
        public Optional<String> localZone() {
            return localZone;
        }

        @Override
        public void warn(Warning.Kind kind, String problem) {
            to.add(kind, route.where(), "route_" + route.handler() + ": " + problem);
        }

        @Override
        public void choice() {
            if (route.children().size() == 1) {
                warn(Warning.Kind.NEVER_ASKED, "has one child, so nothing to choose from");
            }
        }

        @Override
        public void casOnSeveral(boolean firstAnswers) {
            if (route.children().size() < 2) {
                return;
            }
            boolean gets = commands.contains(Command.GETS);
            boolean cas = commands.contains(Command.CAS);
            if (commands.equals(Set.of(Command.CAS))) {
                warn(Warning.Kind.CAS_ON_SEVERAL, "sends cas" + TO_SEVERAL);
            } else if ((gets || cas) && !noted && !firstAnswers) {
                noted = true;
                String which = gets && cas ? "gets and cas" : gets ? "gets" : "cas";
                warn(
                        Warning.Kind.CAS_BY_DEFAULT,
                        "sends " + which + TO_SEVERAL
                                + "; where clients use gets and cas, send both to one child, in cmap{} or cmdmap{}");
            }
        }

        @Override
        public void sameBackends(String consequence) {
            long internal = route.children().stream()
                    .filter(child -> child.child() instanceof ChildSpec.InternalChild)
                    .count();
            if (internal > 1) {
                warn(Warning.Kind.SAME_BACKENDS, "\"internal\" is its child twice: " + consequence);
            }
            List<PoolSpec> pools = route.children().stream()
                    .flatMap(child -> onlyPool(child.child()).stream())
                    .toList();
            for (int i = 0; i < pools.size(); i++) {
                for (int j = i + 1; j < pools.size(); j++) {
                    PoolSpec a = pools.get(i);
                    PoolSpec b = pools.get(j);
                    if (placement.isSame(a, b)) {
                        warn(Warning.Kind.SAME_BACKENDS, samePools(a, b) + consequence);
                        return;
                    }
                }
            }
        }
    }

    /** The pool that a child is, or that the only child of routes which leave keys as they are is. */
    private static Optional<PoolSpec> onlyPool(ChildSpec child) {
        return switch (child) {
            case ChildSpec.PoolChild(PoolSpec pool) -> Optional.of(pool);
            case ChildSpec.InternalChild() -> Optional.empty();
            case ChildSpec.RouteChild(RouteSpec route) -> {
                HandlerSpec handler = HandlerSpec.of(route);
                List<ZonedChild> children = handler.children();
                yield children.size() == 1 && !handler.changes().key()
                        ? onlyPool(children.getFirst().child())
                        : Optional.empty();
            }
        };
    }

    private static String samePools(PoolSpec a, PoolSpec b) {
        if (a.name().equals(b.name())) {
            return "pool \"" + a.name() + "\" is its child twice: ";
        }
        String remedy = a.backends().size() > 1 ? " (give one of them a seed)" : "";
        return "pools \"" + a.name() + "\" and \"" + b.name() + "\" put every key on the same backend" + remedy + ": ";
    }
}
