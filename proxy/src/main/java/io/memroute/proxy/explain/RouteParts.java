package io.memroute.proxy.explain;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.AllAsyncSpec;
import io.memroute.proxy.config.AllFastestSpec;
import io.memroute.proxy.config.AllSyncSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.DirectSpec;
import io.memroute.proxy.config.FailoverSpec;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.LatestSpec;
import io.memroute.proxy.config.LuaHandlerSpec;
import io.memroute.proxy.config.MajoritySpec;
import io.memroute.proxy.config.NamedSpec;
import io.memroute.proxy.config.NearCacheSpec;
import io.memroute.proxy.config.NullSpec;
import io.memroute.proxy.config.PrefixSpec;
import io.memroute.proxy.config.RandomSpec;
import io.memroute.proxy.config.RateLimitSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.ShadowSpec;
import io.memroute.proxy.config.SplitSpec;
import io.memroute.proxy.config.TimedSpec;
import io.memroute.proxy.config.TtlSpec;
import io.memroute.proxy.config.WarmSpec;
import io.memroute.proxy.config.WeightedSpec;
import io.memroute.proxy.config.ZoneFailoverSpec;
import io.memroute.proxy.config.ZonedChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A route taken apart: its arguments under the names they have in a configuration, and its children.
 *
 * @param arguments by name, with defaults filled in; those that are optional and not given are left out
 * @param children in the order in which the route takes them
 */
record RouteParts(Map<String, Object> arguments, List<Child> children) {

    /** @param role the argument a single child was given as, or a zone or position in {@code children} */
    record Child(String role, ChildSpec spec) {}

    static RouteParts of(RouteSpec route) {
        Builder parts = new Builder();
        switch (route) {
            case DirectSpec direct -> parts.child("child", direct.child());
            case AllSyncSpec all -> parts.children(all.children());
            case AllAsyncSpec all -> parts.children(all.children());
            case RandomSpec random -> parts.children(random.children());
            case AllFastestSpec fastest ->
                parts.children(fastest.children())
                        .argument("miss", fastest.onMiss())
                        .seconds("wait", fastest.maxWait());
            case FailoverSpec failover ->
                parts.children(failover.children())
                        .argument("miss", failover.onMiss())
                        .argument("failover_count", failover.attempts())
                        .argument("shuffle", failover.shuffle())
                        .seconds("wait", failover.maxWait())
                        .counter(failover.counter());
            case ZoneFailoverSpec zones ->
                parts.children(List.of(zones.near()))
                        .children(zones.far())
                        .argument("local_zone", zones.near().zone())
                        .argument("miss", zones.onMiss())
                        .seconds("wait", zones.maxWait())
                        .counter(zones.counter());
            case SplitSpec split -> parts.child("child_a", split.a()).child("child_b", split.b());
            case TtlSpec ttl -> parts.child("child", ttl.child()).argument("ttl", ttl.ttlSeconds());
            case NullSpec nothing -> {}
            case RateLimitSpec limit ->
                parts.child("child", limit.child())
                        .argument("limit", limit.limit())
                        .argument("fillrate", limit.fillRate())
                        .argument("tickrate", limit.tick().toMillis())
                        .argument("global", limit.global())
                        .argument("fail_until_limit", limit.failUntilLimit())
                        .counter(limit.counter());
            case ShadowSpec shadow ->
                parts.child("child", shadow.child())
                        .child("shadow", shadow.shadow())
                        .argument("percent", shadow.percent())
                        .argument("key_sample", shadow.byKey())
                        .argument("compare", shadow.counter().isPresent())
                        .named("stats_name", shadow.counter());
            case WarmSpec warm ->
                parts.child("cold", warm.cold()).child("warm", warm.warm()).counter(warm.counter());
            case LatestSpec latest ->
                parts.children(latest.children())
                        .weights(latest.children(), latest.weights())
                        .argument("failover_count", latest.attempts())
                        .argument("salt", latest.salt())
                        .seconds("wait", latest.maxWait())
                        .counter(latest.counter());
            case MajoritySpec majority -> parts.children(majority.children()).seconds("wait", majority.maxWait());
            case WeightedSpec weighted ->
                parts.children(weighted.children()).weights(weighted.children(), weighted.weights());
            case NearCacheSpec near ->
                parts.child("child", near.child())
                        .argument("ttl", near.ttl().toSeconds())
                        .argument("max_bytes", near.maxBytes())
                        .argument("max_value", near.maxValueBytes())
                        .counter(near.counter());
            case PrefixSpec prefix ->
                parts.child("child", prefix.child())
                        .argument("strip", prefix.strip())
                        .argument("add", prefix.add());
            case LuaHandlerSpec handler -> parts.children(handler.children()).values(handler.arguments());
            case TimedSpec timed -> parts.all(of(timed.route())).argument("wait", timed.maxWait());
            case NamedSpec named -> parts.all(of(named.route())).argument("name", named.name());
        }
        return new RouteParts(parts.arguments, List.copyOf(parts.children));
    }

    /** The handler itself, without the arguments that every handler has. */
    static RouteSpec handler(RouteSpec route) {
        return switch (route) {
            case TimedSpec timed -> handler(timed.route());
            case NamedSpec named -> handler(named.route());
            default -> route;
        };
    }

    /** The argument {@code name}. */
    Optional<String> name() {
        return Optional.ofNullable((String) arguments.get("name"));
    }

    private static final class Builder {
        private final Map<String, Object> arguments = new LinkedHashMap<>();
        private final List<Child> children = new ArrayList<>();

        Builder child(String role, ChildSpec child) {
            children.add(new Child(role, child));
            return this;
        }

        Builder children(List<ZonedChild> zoned) {
            zoned.forEach(one -> child(one.zone(), one.child()));
            return this;
        }

        Builder argument(String name, Object value) {
            arguments.put(name, value);
            return this;
        }

        Builder seconds(String name, Optional<Duration> value) {
            value.ifPresent(wait -> argument(name, wait));
            return this;
        }

        Builder counter(Optional<String> name) {
            return named("stats", name);
        }

        Builder named(String name, Optional<String> value) {
            value.ifPresent(text -> argument(name, text));
            return this;
        }

        /** The arguments of a handler in Lua that are no children. */
        Builder values(HandlerValue.Table table) {
            table.entries().stream()
                    .filter(entry -> !entry.name().startsWith(LuaHandlerSpec.CHILD))
                    .forEach(entry -> argument(entry.name(), shown(entry.value())));
            return this;
        }

        private static Object shown(HandlerValue value) {
            return switch (value) {
                case HandlerValue.Plain(LuaString text) -> text.toString();
                case HandlerValue.Plain(Object plain) -> plain;
                case HandlerValue.Shared shared -> "(one for all workers)";
                case HandlerValue.Child child -> throw new IllegalArgumentException("a child among plain values");
                case HandlerValue.Table(List<HandlerValue.Entry> entries) -> {
                    Map<String, Object> table = new LinkedHashMap<>();
                    entries.forEach(entry -> table.put(entry.name(), shown(entry.value())));
                    yield table;
                }
            };
        }

        Builder weights(List<ZonedChild> weighed, List<Double> weights) {
            Map<String, Double> byRole = new LinkedHashMap<>();
            for (int i = 0; i < weights.size(); i++) {
                byRole.put(weighed.get(i).zone(), weights.get(i));
            }
            return argument("weights", byRole);
        }

        Builder all(RouteParts of) {
            arguments.putAll(of.arguments);
            children.addAll(of.children);
            return this;
        }
    }
}
