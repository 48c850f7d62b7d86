package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.AllAsyncSpec;
import io.memroute.proxy.config.AllFastestSpec;
import io.memroute.proxy.config.AllSyncSpec;
import io.memroute.proxy.config.DirectSpec;
import io.memroute.proxy.config.FailoverSpec;
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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a route does with a command, in one sentence for people. */
final class HandlerWords {

    /** The commands whose time to live {@code route_ttl} replaces. */
    static final Set<Command> WITH_TTL = Set.of(Command.MS, Command.SET, Command.ADD, Command.CAS);

    private HandlerWords() {}

    static String of(RouteSpec route, Command command) {
        return switch (route) {
            case DirectSpec direct -> "passes it on";
            case AllSyncSpec all ->
                "all at once, waits for every reply: the first error wins, else the last child's reply";
            case AllAsyncSpec all -> "all at once, waits for none: answers at once that there is nothing";
            case AllFastestSpec fastest ->
                "all at once: the first "
                        + (fastest.onMiss() ? "hit wins, a miss only if there is none" : "hit or miss wins")
                        + wait(fastest.maxWait());
            case FailoverSpec failover -> failover(failover);
            case ZoneFailoverSpec zones ->
                "zone " + zones.near().zone() + " first; after " + (zones.onMiss() ? "an error or a miss" : "an error")
                        + " all other zones at once" + wait(zones.maxWait());
            case SplitSpec split -> "both at once: the reply is child_a's, whatever becomes of child_b";
            case TtlSpec ttl ->
                WITH_TTL.contains(command)
                        ? "sets the time to live to " + ttl.ttlSeconds() + " s"
                        : "refuses " + command.word() + ": only ms, set, add and cas have a time to live to replace";
            case NullSpec nothing -> "answers that there is nothing";
            case RateLimitSpec limit -> rateLimit(limit);
            case RandomSpec random -> "one child, chosen at random for each request";
            case ShadowSpec shadow ->
                "child decides; " + number(shadow.percent()) + " % of the "
                        + (shadow.byKey() ? "keys" : "requests") + " go to shadow too"
                        + (shadow.counter().isPresent() ? ", to compare" : ", whose replies are ignored");
            case WarmSpec warm ->
                command.isClassicGet() || command == Command.MG
                        ? "cold first; what it does not have is taken from warm and written to cold"
                        : "both: cold decides";
            case LatestSpec latest ->
                "one child for all requests of this host; if it fails another, " + latest.attempts() + " of "
                        + latest.children().size() + " at most" + wait(latest.maxWait());
            case MajoritySpec majority ->
                "all at once: the reply that more than half of them give" + wait(majority.maxWait());
            case WeightedSpec weighted -> "one child for each key, always the same: " + shares(weighted);
            case NearCacheSpec near ->
                "answers gets from the proxy's memory for " + near.ttl().toSeconds()
                        + " s after the child has answered them; passes on everything else";
            case PrefixSpec prefix -> prefix(prefix);
            case LuaHandlerSpec handler ->
                "a function in Lua decides from here on"
                        + (handler.children().isEmpty()
                                ? "; it has no children"
                                : ": which children it asks, what it answers");
            case TimedSpec timed -> of(timed.route(), command) + "; " + seconds(timed.maxWait()) + " s at most";
            case NamedSpec named -> of(named.route(), command);
        };
    }

    private static String failover(FailoverSpec failover) {
        StringBuilder words = new StringBuilder("one after the other: ")
                .append(failover.onMiss() ? "an error or a miss" : "an error")
                .append(" goes on to the next");
        if (failover.attempts() < failover.children().size()) {
            words.append("; asks ")
                    .append(failover.attempts())
                    .append(" of ")
                    .append(failover.children().size())
                    .append(" at most");
        }
        if (failover.shuffle()) {
            words.append("; each worker in an order of its own")
                    .append(failover.localFirst() ? ", the local zone first" : "");
        }
        return words.append(wait(failover.maxWait())).toString();
    }

    private static String shares(WeightedSpec weighted) {
        double sum =
                weighted.weights().stream().mapToDouble(Double::doubleValue).sum();
        List<String> shares = new ArrayList<>();
        for (int i = 0; i < weighted.weights().size(); i++) {
            shares.add(weighted.children().get(i).zone() + " "
                    + number(100 * weighted.weights().get(i) / sum) + " %");
        }
        return String.join(", ", shares);
    }

    private static String prefix(PrefixSpec prefix) {
        String strip = prefix.strip().isEmpty() ? "" : "takes \"" + prefix.strip() + "\" off the key";
        String add = prefix.add().isEmpty() ? "" : "puts \"" + prefix.add() + "\" in front of it";
        return strip.isEmpty()
                ? "puts \"" + prefix.add() + "\" in front of the key"
                : add.isEmpty() ? strip : strip + ", " + add;
    }

    private static String rateLimit(RateLimitSpec limit) {
        String rate = limit.fillRate() + " requests in " + seconds(limit.tick()) + " s, " + limit.limit()
                + " in a burst" + (limit.global() ? ", over all workers" : ", on each worker");
        return limit.failUntilLimit()
                ? "answers that there is nothing for " + rate + "; passes on what is above"
                : "passes on " + rate + "; answers that there is nothing above";
    }

    private static String wait(Optional<Duration> wait) {
        return wait.map(time -> "; waits " + seconds(time) + " s for each").orElse("");
    }

    /** At most two decimals. */
    private static String number(double value) {
        return BigDecimal.valueOf(value)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Seconds without needless zeros. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }
}
