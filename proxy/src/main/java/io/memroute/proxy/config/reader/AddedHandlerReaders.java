package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.LatestSpec;
import io.memroute.proxy.config.MajoritySpec;
import io.memroute.proxy.config.NearCacheSpec;
import io.memroute.proxy.config.PrefixSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.ShadowSpec;
import io.memroute.proxy.config.WarmSpec;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.WeightedSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.reader.RouteReader.Context;
import io.memroute.proxy.config.reader.RouteReader.HandlerOf;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of the handlers that memcached's route library does not have: their names, types, defaults and limits.
 */
final class AddedHandlerReaders {

    static final Map<String, HandlerOf> BY_NAME = Map.ofEntries(
            HandlerReaders.handler(
                    "shadow",
                    AddedHandlerReaders::shadow,
                    "child",
                    "shadow",
                    "percent",
                    "key_sample",
                    "compare",
                    "stats_name"),
            HandlerReaders.handler("warm", AddedHandlerReaders::warm, "cold", "warm", "stats", "stats_name"),
            HandlerReaders.handler(
                    "latest",
                    AddedHandlerReaders::latest,
                    "children",
                    "weights",
                    "failover_count",
                    "salt",
                    "wait",
                    "stats",
                    "stats_name"),
            HandlerReaders.handler("majority", AddedHandlerReaders::majority, "children", "wait"),
            HandlerReaders.handler("weighted", AddedHandlerReaders::weighted, "children", "weights"),
            HandlerReaders.handler(
                    "nearcache",
                    AddedHandlerReaders::nearCache,
                    "child",
                    "ttl",
                    "max_bytes",
                    "max_value",
                    "stats",
                    "stats_name"),
            HandlerReaders.handler("prefix", AddedHandlerReaders::prefix, "child", "strip", "add"));

    /** As many children as mcrouter tries. */
    private static final int LATEST_ATTEMPTS = 5;

    private static final int NEAR_TTL_SECONDS = 1;

    private static final int NEAR_MAX_BYTES = 16 << 20;

    /** The near cache stores whole small values; a larger one costs more to copy than it saves. */
    private static final int NEAR_MAX_VALUE = 4096;

    /** A near cache bridges a burst; for longer than this nobody wants to see old values. */
    private static final int LONGEST_NEAR_TTL = 3600;

    /** Larger ones are passed through while they arrive. */
    private static final int NEAR_VALUE_LIMIT = 16 << 10;

    /** Prefixes leave room for a key. */
    private static final int MAX_PREFIX_BYTES = 200;

    private AddedHandlerReaders() {}

    private static Optional<RouteSpec> shadow(Context context) {
        Section arguments = context.arguments();
        double percent = arguments.number("percent").orElse(100.0);
        if (percent < 0 || percent > 100) {
            arguments.expected("percent", "a number from 0 to 100", arguments.value("percent"));
            percent = 100;
        }
        if (percent > 0 && percent < 1) {
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    "percent",
                    plain(percent) + " means " + plain(percent) + " %; for a share of " + plain(percent) + " write "
                            + plain(percent * 100));
        }
        boolean byKey = arguments.flag("key_sample").orElse(true);
        boolean compare = arguments.flag("compare").orElse(false);
        String counters = arguments.text("stats_name").orElse(context.position().label());
        if (!compare && arguments.has("stats_name")) {
            arguments.fail("stats_name", "has no effect without compare = true");
        }
        Optional<String> counter = compare
                ? HandlerReaders.checked(arguments, "compare", counters + "_different")
                        .map(ignored -> counters)
                : Optional.empty();
        Optional<ChildSpec> child = HandlerReaders.child(context, "child");
        Optional<ChildSpec> shadow = HandlerReaders.child(context, "shadow");
        return child.isPresent() && shadow.isPresent()
                ? Optional.of(new ShadowSpec(
                        child.get(),
                        shadow.get(),
                        percent,
                        byKey,
                        counter,
                        arguments.place().where()))
                : Optional.empty();
    }

    private static Optional<RouteSpec> warm(Context context) {
        Optional<String> counter = HandlerReaders.counter(context, "_warm_hits");
        Optional<ChildSpec> cold = HandlerReaders.child(context, "cold");
        Optional<ChildSpec> warm = HandlerReaders.child(context, "warm");
        return cold.isPresent() && warm.isPresent()
                ? Optional.of(new WarmSpec(
                        cold.get(),
                        warm.get(),
                        counter,
                        context.arguments().place().where()))
                : Optional.empty();
    }

    private static Optional<RouteSpec> latest(Context context) {
        Section arguments = context.arguments();
        int attempts = arguments.integer("failover_count", 1, Integer.MAX_VALUE).orElse(LATEST_ATTEMPTS);
        String salt = arguments.text("salt").orElse("");
        Optional<Duration> wait = arguments.timeout("wait");
        Optional<String> counter = HandlerReaders.counter(context, "_retries");
        Optional<List<ZonedChild>> children = HandlerReaders.children(context);
        Optional<List<Double>> weights = children.flatMap(list -> arguments.has("weights")
                ? weights(arguments, list)
                : Optional.of(Collections.nCopies(list.size(), 1.0)));
        return weights.map(list -> new LatestSpec(
                children.get(),
                list,
                Math.min(attempts, list.size()),
                salt,
                wait,
                counter,
                arguments.place().where()));
    }

    private static Optional<RouteSpec> majority(Context context) {
        Optional<Duration> wait = context.arguments().timeout("wait");
        return HandlerReaders.children(context)
                .map(children -> new MajoritySpec(
                        children, wait, context.arguments().place().where()));
    }

    private static Optional<RouteSpec> weighted(Context context) {
        Section arguments = context.arguments();
        Optional<List<ZonedChild>> children = HandlerReaders.children(context);
        return children.flatMap(list -> weights(arguments, list))
                .map(weights -> new WeightedSpec(
                        children.get(), weights, arguments.place().where()));
    }

    /** A weight for each child under the child's key; not all 0. */
    private static Optional<List<Double>> weights(Section arguments, List<ZonedChild> children) {
        if (!(arguments.value("weights") instanceof LuaTable table)) {
            arguments.fail("needs weights: a table with a number for each child");
            return Optional.empty();
        }
        List<String> keys = children.stream().map(ZonedChild::zone).toList();
        List<Double> weights = new ArrayList<>(Collections.nCopies(keys.size(), -1.0));
        boolean valid = true;
        for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
            String key = entry.plainKey().toString();
            int child = keys.indexOf(key);
            double weight =
                    LuaNumber.coerce(entry.value()) instanceof Number number ? number.doubleValue() : Double.NaN;
            if (child < 0) {
                arguments.fail("weights", "there is no child " + LuaValues.quote(key) + NearestName.hint(key, keys));
                valid = false;
            } else if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                arguments.fail(
                        "weights",
                        "expected a number, 0 or more, for child " + LuaValues.quote(key) + ", got "
                                + LuaValues.describe(entry.value()));
                valid = false;
            } else {
                weights.set(child, weight);
            }
        }
        int missing = weights.indexOf(-1.0);
        if (valid && missing >= 0) {
            arguments.fail("weights", "has no weight for child " + LuaValues.quote(keys.get(missing)));
        } else if (valid && weights.stream().allMatch(weight -> weight == 0)) {
            arguments.fail("weights", "are all 0: no child would get anything");
        } else if (valid) {
            return Optional.of(weights);
        }
        return Optional.empty();
    }

    private static Optional<RouteSpec> nearCache(Context context) {
        Section arguments = context.arguments();
        int ttl = arguments.integer("ttl", 1, Integer.MAX_VALUE).orElse(NEAR_TTL_SECONDS);
        int maxBytes = arguments.integer("max_bytes", 1, Integer.MAX_VALUE).orElse(NEAR_MAX_BYTES);
        int maxValue = arguments.integer("max_value", 0, NEAR_VALUE_LIMIT).orElse(NEAR_MAX_VALUE);
        if (ttl > LONGEST_NEAR_TTL) {
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    "ttl",
                    ttl + " means seconds, and so long may values be out of date;"
                            + " for milliseconds write 1, the least");
        }
        if (maxBytes < Math.max(maxValue, 1 << 10)) {
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    "max_bytes",
                    maxBytes + " means bytes, and has no room for a value of " + maxValue + "; for MiB write "
                            + ((long) maxBytes << 20));
        }
        if (maxValue == 0) {
            arguments.warn(Warning.Kind.NO_EFFECT, "max_value", "0 lets only empty values be kept");
        }
        Optional<String> counter = HandlerReaders.counter(context, "_near_misses")
                .map(name -> name.substring(0, name.length() - "_near_misses".length()));
        return HandlerReaders.child(context, "child")
                .map(child -> new NearCacheSpec(
                        child,
                        Duration.ofSeconds(ttl),
                        maxBytes,
                        maxValue,
                        counter,
                        arguments.place().where()));
    }

    private static Optional<RouteSpec> prefix(Context context) {
        Section arguments = context.arguments();
        String strip = keyPart(arguments, "strip");
        String add = keyPart(arguments, "add");
        if (strip.equals(add) && (arguments.has("strip") || arguments.has("add"))) {
            arguments.warn(
                    Warning.Kind.NO_EFFECT,
                    arguments.has("strip") ? "strip" : "add",
                    "keys stay as they are: what is removed is put in front again");
        }
        if (!arguments.has("strip") && !arguments.has("add")) {
            arguments.fail("needs strip, add, or both: the text to remove from keys and the text to put in front");
        }
        return HandlerReaders.child(context, "child")
                .map(child ->
                        new PrefixSpec(child, strip, add, arguments.place().where()));
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static String keyPart(Section arguments, String key) {
        String text = arguments.text(key).orElse("");
        boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= MAX_PREFIX_BYTES;
        if (!fits || text.chars().anyMatch(character -> character <= ' ' || character == 0x7f)) {
            arguments.fail(
                    key,
                    "expected up to " + MAX_PREFIX_BYTES + " bytes without spaces and control characters, got "
                            + LuaValues.quote(text));
        }
        return text;
    }
}
