package io.memroute.proxy.config.reader;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.AllAsyncSpec;
import io.memroute.proxy.config.AllFastestSpec;
import io.memroute.proxy.config.AllSyncSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.DirectSpec;
import io.memroute.proxy.config.FailoverSpec;
import io.memroute.proxy.config.NullSpec;
import io.memroute.proxy.config.RandomSpec;
import io.memroute.proxy.config.RateLimitSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.SplitSpec;
import io.memroute.proxy.config.TtlSpec;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.ZoneFailoverSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.reader.RouteReader.Context;
import io.memroute.proxy.config.reader.RouteReader.HandlerOf;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The arguments of the route library's handlers: their names, types, defaults and limits. */
final class HandlerReaders {

    static final Map<String, HandlerOf> BY_NAME = Map.ofEntries(
            handler("direct", HandlerReaders::direct, "child"),
            handler("allsync", HandlerReaders::allSync, "children"),
            handler("allfastest", HandlerReaders::allFastest, "children", "miss", "wait"),
            handler("allasync", HandlerReaders::allAsync, "children"),
            handler(
                    "failover",
                    HandlerReaders::failover,
                    "children",
                    "miss",
                    "failover_count",
                    "shuffle",
                    "wait",
                    "local_zone",
                    "stats",
                    "stats_name"),
            handler(
                    "zfailover",
                    HandlerReaders::zoneFailover,
                    "children",
                    "local_zone",
                    "miss",
                    "shuffle",
                    "failover_count",
                    "wait",
                    "stats",
                    "stats_name"),
            handler("split", HandlerReaders::split, "child_a", "child_b"),
            handler("ttl", HandlerReaders::ttl, "ttl", "child"),
            handler(
                    "null",
                    context ->
                            Optional.of(new NullSpec(context.arguments().place().where()))),
            handler(
                    "ratelim",
                    HandlerReaders::rateLimit,
                    "child",
                    "limit",
                    "fillrate",
                    "tickrate",
                    "global",
                    "fail_until_limit",
                    "stats",
                    "stats_name"),
            handler("random", HandlerReaders::random, "children"));

    /** The commands whose time to live {@code route_ttl} can replace. */
    private static final Set<Command> WITH_TTL = Set.of(Command.MS, Command.SET, Command.ADD, Command.CAS);

    /** Memcached's limit on the names of user counters. */
    private static final int MAX_COUNTER_CHARS = 122;

    /** Memcached counts tokens in 32 bits without sign. */
    private static final long MAX_LIMIT = 0xFFFF_FFFFL;

    private static final int DEFAULT_TICK_MILLIS = 1000;

    /** Shorter ticks are finer than memcached's clock; a number of seconds is smaller. */
    private static final int SHORTEST_TICK_MILLIS = 10;

    /** Memcached takes longer ones for seconds since 1970. */
    private static final int MAX_RELATIVE_TTL = 30 * 24 * 60 * 60;

    private HandlerReaders() {}

    static Map.Entry<String, HandlerOf> handler(String name, RouteReader.Handler handler, String... arguments) {
        return Map.entry(name, new HandlerOf(Set.of(arguments), handler));
    }

    private static Optional<RouteSpec> direct(Context context) {
        return child(context, "child")
                .map(child -> new DirectSpec(child, context.arguments().place().where()));
    }

    private static Optional<RouteSpec> allSync(Context context) {
        return children(context)
                .map(children ->
                        new AllSyncSpec(children, context.arguments().place().where()));
    }

    private static Optional<RouteSpec> allAsync(Context context) {
        return children(context)
                .map(children ->
                        new AllAsyncSpec(children, context.arguments().place().where()));
    }

    private static Optional<RouteSpec> random(Context context) {
        return children(context)
                .map(children ->
                        new RandomSpec(children, context.arguments().place().where()));
    }

    private static Optional<RouteSpec> allFastest(Context context) {
        Section arguments = context.arguments();
        boolean onMiss = arguments.flag("miss").orElse(false);
        Optional<Duration> wait = arguments.timeout("wait");
        return children(context)
                .map(children -> new AllFastestSpec(
                        children, onMiss, wait, arguments.place().where()));
    }

    private static Optional<RouteSpec> failover(Context context) {
        Section arguments = context.arguments();
        boolean onMiss = arguments.flag("miss").orElse(false);
        boolean shuffle = arguments.flag("shuffle").orElse(false);
        Optional<Integer> attempts = arguments.integer("failover_count", 1, Integer.MAX_VALUE);
        Optional<Duration> wait = arguments.timeout("wait");
        Optional<String> counter = counter(context, "_retries");
        Optional<String> ownZone = zone(arguments);
        Optional<List<ZonedChild>> children = children(context);
        if (children.isEmpty()) {
            return Optional.empty();
        }
        List<ZonedChild> ordered = new ArrayList<>(children.get());
        Optional<ZonedChild> local = ownZone.isPresent()
                ? childOfZone(context, children.get(), ownZone.get())
                : context.localZone().flatMap(zone -> find(children.get(), zone));
        local.ifPresent(first -> {
            ordered.remove(first);
            ordered.addFirst(first);
        });
        return Optional.of(new FailoverSpec(
                ordered,
                local.isPresent(),
                onMiss,
                Math.min(attempts.orElse(ordered.size()), ordered.size()),
                shuffle,
                wait,
                counter,
                arguments.place().where()));
    }

    private static Optional<RouteSpec> zoneFailover(Context context) {
        Section arguments = context.arguments();
        boolean onMiss = arguments.flag("miss").orElse(true);
        // Configurations in the field carry these over from route_failover. With all far zones asked at once there is
        // no order to shuffle and no number to limit: a check warns of what they seem to ask for.
        boolean shuffle = arguments.flag("shuffle").orElse(false);
        int count = arguments.integer("failover_count", 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
        Optional<Duration> wait = arguments.timeout("wait");
        Optional<String> counter = counter(context, "_retries");
        Optional<String> zone = zone(arguments).or(context::localZone);
        Optional<List<ZonedChild>> children = children(context);
        if (zone.isEmpty()) {
            if (!arguments.has("local_zone")) {
                arguments.fail("needs a zone: local_zone = \"...\" here, or local_zone(\"...\") for all routes");
            }
            return Optional.empty();
        }
        if (children.isEmpty()) {
            return Optional.empty();
        }
        return childOfZone(context, children.get(), zone.get()).map(near -> {
            List<ZonedChild> far = new ArrayList<>(children.get());
            far.remove(near);
            List<String> withoutEffect = new ArrayList<>();
            if (shuffle) {
                withoutEffect.add("shuffle");
            }
            if (count <= far.size()) {
                withoutEffect.add("failover_count");
            }
            return new ZoneFailoverSpec(
                    near,
                    far,
                    onMiss,
                    wait,
                    counter,
                    withoutEffect,
                    arguments.place().where());
        });
    }

    /** {@code local_zone}: a name, or a position in a list. */
    private static Optional<String> zone(Section arguments) {
        return arguments.value("local_zone") instanceof Long position
                ? Optional.of(position.toString())
                : arguments.text("local_zone");
    }

    private static Optional<ZonedChild> find(List<ZonedChild> children, String zone) {
        return children.stream().filter(child -> child.zone().equals(zone)).findFirst();
    }

    private static Optional<ZonedChild> childOfZone(Context context, List<ZonedChild> children, String zone) {
        Optional<ZonedChild> child = find(children, zone);
        if (child.isEmpty()) {
            List<String> zones = children.stream().map(ZonedChild::zone).toList();
            context.arguments()
                    .fail("no child for the local zone " + LuaValues.quote(zone) + NearestName.hint(zone, zones)
                            + "; children has " + String.join(", ", zones));
        }
        return child;
    }

    private static Optional<RouteSpec> split(Context context) {
        Optional<ChildSpec> a = child(context, "child_a");
        Optional<ChildSpec> b = child(context, "child_b");
        return a.isPresent() && b.isPresent()
                ? Optional.of(new SplitSpec(
                        a.get(), b.get(), context.arguments().place().where()))
                : Optional.empty();
    }

    private static Optional<RouteSpec> ttl(Context context) {
        Section arguments = context.arguments();
        context.position()
                .command()
                .filter(command -> !WITH_TTL.contains(command))
                .ifPresent(command -> arguments.fail("is the route of " + command.word()
                        + " here, but only ms, set, add and cas have a time" + " to live to replace"));
        Optional<Integer> ttl = required(arguments, "ttl", "seconds", arguments.integer("ttl", -1, Integer.MAX_VALUE));
        ttl.filter(seconds -> seconds > MAX_RELATIVE_TTL)
                .ifPresent(seconds -> arguments.warn(
                        Warning.Kind.DOUBTFUL_VALUE,
                        "ttl",
                        seconds + " is more than 30 days, so memcached takes it for a point in time: "
                                + Instant.ofEpochSecond(seconds)
                                        .atZone(ZoneOffset.UTC)
                                        .toLocalDate()));
        Optional<ChildSpec> child = child(context, "child");
        return ttl.isPresent() && child.isPresent()
                ? Optional.of(
                        new TtlSpec(ttl.get(), child.get(), arguments.place().where()))
                : Optional.empty();
    }

    private static Optional<RouteSpec> rateLimit(Context context) {
        Section arguments = context.arguments();
        Optional<Long> limit = required(arguments, "limit", "requests", arguments.wholeNumber("limit", 1, MAX_LIMIT));
        Optional<Long> fillRate =
                required(arguments, "fillrate", "requests per tick", arguments.wholeNumber("fillrate", 1, MAX_LIMIT));
        int tickMillis = arguments.integer("tickrate", 1, Integer.MAX_VALUE).orElse(DEFAULT_TICK_MILLIS);
        if (tickMillis < SHORTEST_TICK_MILLIS) {
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    "tickrate",
                    tickMillis + " means milliseconds; for seconds write " + tickMillis * 1000);
        }
        if (limit.isPresent() && fillRate.isPresent() && fillRate.get() > limit.get()) {
            arguments.warn(
                    Warning.Kind.NO_EFFECT,
                    "fillrate",
                    fillRate.get() + " is more than the limit, " + limit.get()
                            + ", which is all that the bucket holds");
        }
        boolean global = arguments.flag("global").orElse(false);
        boolean failUntilLimit = arguments.flag("fail_until_limit").orElse(false);
        Optional<String> counter = counter(context, "_limits");
        Optional<ChildSpec> child = child(context, "child");
        if (limit.isEmpty() || fillRate.isEmpty() || child.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RateLimitSpec(
                child.get(),
                limit.get(),
                fillRate.get(),
                Duration.ofMillis(tickMillis),
                global,
                failUntilLimit,
                counter,
                arguments.place().where()));
    }

    static <T> Optional<T> required(Section arguments, String key, String what, Optional<T> value) {
        if (!arguments.has(key)) {
            arguments.fail("needs " + key + " (" + what + ")");
        }
        return value;
    }

    static Optional<ChildSpec> child(Context context, String key) {
        return context.children().child(context.arguments(), key, context.position());
    }

    static Optional<List<ZonedChild>> children(Context context) {
        return context.children().children(context.arguments(), "children", context.position());
    }

    /**
     * The name of the counter that {@code stats} asks for: {@code stats_name}, or else the position's label, and a
     * suffix.
     */
    static Optional<String> counter(Context context, String suffix) {
        Section arguments = context.arguments();
        boolean wanted = arguments.flag("stats").orElse(false);
        Optional<String> ownName = arguments.text("stats_name");
        if (!wanted) {
            if (arguments.has("stats_name") && !arguments.has("stats")) {
                arguments.fail("stats_name", "has no effect without stats = true");
            }
            return Optional.empty();
        }
        return checked(arguments, "stats", ownName.orElse(context.position().label()) + suffix);
    }

    static boolean canNameCounter(String name) {
        return name.length() <= MAX_COUNTER_CHARS && name.chars().noneMatch(Character::isWhitespace);
    }

    /** The name of a counter, if it can be one; else that has been noted. */
    static Optional<String> checked(Section arguments, String key, String name) {
        if (!canNameCounter(name)) {
            arguments.fail(
                    key,
                    "the counter's name " + LuaValues.quote(name) + " is longer than " + MAX_COUNTER_CHARS
                            + " characters or has spaces; choose another with stats_name");
            return Optional.empty();
        }
        return Optional.of(name);
    }
}
