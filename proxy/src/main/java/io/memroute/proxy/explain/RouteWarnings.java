package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.AllAsyncSpec;
import io.memroute.proxy.config.AllFastestSpec;
import io.memroute.proxy.config.AllSyncSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.FailoverSpec;
import io.memroute.proxy.config.LatestSpec;
import io.memroute.proxy.config.MajoritySpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.PrefixSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RandomSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.ShadowSpec;
import io.memroute.proxy.config.SplitSpec;
import io.memroute.proxy.config.TtlSpec;
import io.memroute.proxy.config.WarmSpec;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.config.WeightedSpec;
import io.memroute.proxy.config.ZoneFailoverSpec;
import io.memroute.proxy.config.ZonedChild;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is suspicious about single routes, looked at with the commands that can get there. */
final class RouteWarnings {

    private static final Set<Command> ROUTED = EnumSet.range(Command.MG, Command.PREPEND);

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
                                rule.command().<Set<Command>>map(EnumSet::of).orElse(ROUTED),
                                rule.prefix()
                                        .map(prefix -> tree.prefixRule().start()
                                                + prefix
                                                + tree.prefixRule().stop())
                                        .orElse(""))));
    }

    /**
     * @param commands that get there
     * @param beginning what all keys that get there begin with
     */
    private void look(RouteSpec route, Set<Command> commands, String beginning) {
        RouteParts parts = RouteParts.of(route);
        String childBeginning = beginning;
        sameBackends(route, parts);
        switch (RouteParts.handler(route)) {
            case FailoverSpec failover -> {
                neverAsked(failover);
                zone(failover);
            }
            case ZoneFailoverSpec zones -> zones(zones);
            case LatestSpec latest -> {
                noChoice(route, latest.children());
                weightless(route, latest.children(), latest.weights());
            }
            case WeightedSpec weighted -> {
                noChoice(route, weighted.children());
                weightless(route, weighted.children(), weighted.weights());
            }
            case RandomSpec random -> noChoice(route, random.children());
            case PrefixSpec prefix -> childBeginning = rewritten(prefix, beginning);
            case ShadowSpec shadow
            when shadow.percent() == 0 -> warn(Warning.Kind.NEVER_ASKED, route, "percent = 0 sends nothing to shadow");
            case TtlSpec ttl -> refusedCommands(ttl, commands);
            default -> {}
        }
        if (commands.equals(Set.of(Command.CAS)) && parts.children().size() > 1) {
            cas(route);
        }
        for (RouteParts.Child child : parts.children()) {
            if (child.spec() instanceof ChildSpec.RouteChild(RouteSpec nested)) {
                look(nested, commands, childBeginning);
            }
        }
    }

    private void cas(RouteSpec route) {
        boolean several = switch (RouteParts.handler(route)) {
            case AllSyncSpec all -> true;
            case AllAsyncSpec all -> true;
            case AllFastestSpec all -> true;
            case MajoritySpec all -> true;
            case RandomSpec any -> true;
            case SplitSpec both -> true;
            case ShadowSpec both -> true;
            default -> false;
        };
        if (several) {
            warn(
                    Warning.Kind.CAS_ON_SEVERAL,
                    route,
                    "gets cas, but servers count CAS numbers for themselves: the number that one of them"
                            + " gave out fits no other");
        }
    }

    /** What keys begin with behind the route, as far as it is certain. */
    private String rewritten(PrefixSpec prefix, String beginning) {
        if (beginning.startsWith(prefix.strip())) {
            return prefix.add() + beginning.substring(prefix.strip().length());
        }
        if (prefix.strip().startsWith(beginning)) {
            return prefix.add();
        }
        warn(
                Warning.Kind.NO_EFFECT,
                prefix,
                "strip = \"" + prefix.strip() + "\" removes nothing: keys that get here begin with \"" + beginning
                        + "\"");
        return prefix.add() + beginning;
    }

    private void noChoice(RouteSpec route, List<ZonedChild> children) {
        if (children.size() == 1) {
            warn(Warning.Kind.NEVER_ASKED, route, "has one child, so nothing to choose from");
        }
    }

    private void zones(ZoneFailoverSpec zones) {
        if (zones.far().isEmpty()) {
            warn(Warning.Kind.NEVER_ASKED, zones, "has no zone besides the local one, so nothing to fail over to");
        }
        for (String argument : zones.withoutEffect()) {
            warn(
                    Warning.Kind.NO_EFFECT,
                    zones,
                    argument
                            + " has no effect: all other zones are asked at once; route_failover asks one after the other");
        }
    }

    private void warn(Warning.Kind kind, RouteSpec route, String problem) {
        to.add(kind, route.where(), "route_" + route.handler() + ": " + problem);
    }

    /** Children that are to be alternatives, or copies, but put every key on the same backend. */
    private void sameBackends(RouteSpec route, RouteParts parts) {
        String consequence = switch (RouteParts.handler(route)) {
            case FailoverSpec failover -> "if it fails, so does the next";
            case ZoneFailoverSpec zones -> "if it fails, so does the other";
            case AllSyncSpec all -> "it is sent every request twice";
            case AllAsyncSpec all -> "it is sent every request twice";
            case AllFastestSpec fastest -> "it is sent every request twice";
            case SplitSpec split -> "it is sent every request twice";
            case ShadowSpec shadow -> "it is sent requests twice";
            case WarmSpec warm -> "what the one misses, the other misses too";
            case MajoritySpec majority -> "it votes twice";
            case LatestSpec latest -> "if it fails, so does the other";
            case RandomSpec random -> "choosing makes no difference";
            case WeightedSpec weighted -> "choosing makes no difference";
            default -> null;
        };
        if (consequence == null) {
            return;
        }
        if (parts.children().stream()
                        .filter(child -> child.spec() instanceof ChildSpec.InternalChild)
                        .count()
                > 1) {
            warn(Warning.Kind.SAME_BACKENDS, route, "\"internal\" is its child twice: " + consequence);
        }
        List<PoolSpec> pools = parts.children().stream()
                .flatMap(child -> onlyPool(child.spec()).stream())
                .toList();
        for (int i = 0; i < pools.size(); i++) {
            for (int j = i + 1; j < pools.size(); j++) {
                PoolSpec a = pools.get(i);
                PoolSpec b = pools.get(j);
                if (placement.isSame(a, b)) {
                    warn(Warning.Kind.SAME_BACKENDS, route, samePools(a, b) + consequence);
                    return;
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
                List<RouteParts.Child> children = RouteParts.of(route).children();
                yield children.size() == 1 && !(RouteParts.handler(route) instanceof PrefixSpec)
                        ? onlyPool(children.getFirst().spec())
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

    private void neverAsked(FailoverSpec failover) {
        if (failover.children().size() == 1) {
            warn(Warning.Kind.NEVER_ASKED, failover, "has one child, so nothing to fail over to");
        } else if (failover.attempts() == 1) {
            warn(
                    Warning.Kind.NEVER_ASKED,
                    failover,
                    "failover_count = 1 lets it ask its first child only: it counts the first one too");
        }
    }

    private void weightless(RouteSpec route, List<ZonedChild> children, List<Double> weights) {
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i) == 0) {
                warn(
                        Warning.Kind.NEVER_ASKED,
                        route,
                        "child " + children.get(i).zone() + " has the weight 0: it gets no keys");
            }
        }
    }

    private void zone(FailoverSpec failover) {
        boolean zoned =
                failover.children().stream().noneMatch(child -> child.zone().matches("[0-9]+"));
        if (localZone.isPresent() && zoned && !failover.localFirst()) {
            warn(
                    Warning.Kind.UNKNOWN_ZONE,
                    failover,
                    "no child for the local zone \"" + localZone.get() + "\"; children has "
                            + failover.children().stream()
                                    .map(child -> child.zone())
                                    .collect(Collectors.joining(", ")));
        }
    }

    private void refusedCommands(TtlSpec ttl, Set<Command> commands) {
        if (!HandlerWords.WITH_TTL.containsAll(commands)) {
            warn(
                    Warning.Kind.REFUSED_COMMANDS,
                    ttl,
                    "gets commands other than ms, set, add and cas here, and answers them with"
                            + " SERVER_ERROR invalid command for route_ttl; put it under cmap or cmdmap");
        }
    }
}
