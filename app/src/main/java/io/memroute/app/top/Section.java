package io.memroute.app.top;

import static io.memroute.app.top.Table.Cell.number;
import static io.memroute.app.top.Table.Cell.text;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A table of the numbers of a proxy. */
enum Section {
    POOLS {
        @Override
        Table table(Live live) {
            Table table = new Table("POOL", "UP", "RATE", "HIT", "P50", "P99", "ERR/S", "UNEVEN");
            for (Live.Pool pool : live.pools()) {
                table.row(
                        text(pool.name()),
                        new Table.Cell(pool.up() + "/" + pool.backends(), (double) pool.up()),
                        rate(pool.rate()),
                        number(pool.hitRatio(), Figures::share),
                        time(pool.latency(), Live.Latency::p50),
                        time(pool.latency(), Live.Latency::p99),
                        rate(pool.errorRate()),
                        number(pool.imbalance(), uneven -> String.format(Locale.ROOT, "%.2f", uneven)));
            }
            return table;
        }
    },

    SERVERS {
        @Override
        Table table(Live live) {
            Table table = new Table(
                    "SERVER", "STATE", "POOL", "RATE", "SHARE", "HIT", "P50", "P99", "ERR/S", "QUEUE", "FAILED");
            for (Live.Backend backend : live.backends()) {
                table.row(
                        text(backend.label()),
                        text(backend.state().name().toLowerCase(Locale.ROOT)),
                        text(String.join(",", backend.pools())),
                        rate(backend.rate()),
                        number(backend.share(), Figures::share),
                        number(backend.hitRatio(), Figures::share),
                        time(backend.latency(), Live.Latency::p50),
                        time(backend.latency(), Live.Latency::p99),
                        rate(backend.errorRate()),
                        count(backend.queued()),
                        count(backend.failures()));
            }
            return table;
        }
    },

    KEYS {
        @Override
        Table table(Live live) {
            Table table = new Table("HOT KEY", "SHARE", "POOL", "SERVER", "SIZE");
            for (Live.HotKeyShare key : live.hotKeys()) {
                Long size = key.size();
                table.row(
                        text(key.key()),
                        number(key.share(), Figures::share),
                        text(key.pool()),
                        text(key.backend()),
                        number(size == null ? null : size.doubleValue(), Figures::size));
            }
            return table;
        }
    },

    ROUTES {
        @Override
        Table table(Live live) {
            Table table = new Table("ROUTE", "RATE", "HIT", "P50", "P99", "ERR/S");
            for (Live.Route route : live.routes()) {
                table.row(
                        text(route.name()),
                        rate(route.rate()),
                        number(route.hitRatio(), Figures::share),
                        time(route.latency(), Live.Latency::p50),
                        time(route.latency(), Live.Latency::p99),
                        rate(route.errorRate()));
            }
            return table;
        }
    },

    COMMANDS {
        @Override
        Table table(Live live) {
            Table table = new Table("COMMANDS", "RATE", "P50", "P90", "P99", "P99.9", "MAX");
            for (Live.CommandRate commands : live.classes()) {
                table.row(
                        text(commands.name()),
                        rate(commands.rate()),
                        time(commands.latency(), Live.Latency::p50),
                        time(commands.latency(), Live.Latency::p90),
                        time(commands.latency(), Live.Latency::p99),
                        time(commands.latency(), Live.Latency::p999),
                        time(commands.latency(), Live.Latency::max));
            }
            return table;
        }
    },

    CLIENTS {
        @Override
        Table table(Live live) {
            Table table = new Table("LISTENER", "OPEN", "NEW/S", "REFUSED", "RATE", "ERR/S", "IN", "OUT");
            for (Live.Group group : live.clients().groups()) {
                table.row(
                        text(group.listener().isEmpty() ? "(no tag)" : group.listener()),
                        count(group.connections()),
                        rate(group.acceptRate()),
                        count(group.refused()),
                        rate(group.rate()),
                        rate(group.errorRate()),
                        number(group.receivedRate(), bytes -> Figures.size(bytes) + "/s"),
                        number(group.sentRate(), bytes -> Figures.size(bytes) + "/s"));
            }
            return table;
        }
    },

    IDENTITIES {
        @Override
        Table table(Live live) {
            Table table = new Table("IDENTITY", "RATE", "DENIED/S", "EXCEEDED/S", "DENIED", "EXCEEDED");
            for (Live.Identity identity : live.clients().identities()) {
                table.row(
                        text(identity.identity()),
                        rate(identity.rate()),
                        rate(identity.deniedRate()),
                        rate(identity.exceededRate()),
                        count(identity.denied()),
                        count(identity.exceeded()));
            }
            return table;
        }
    },

    WORKERS {
        @Override
        Table table(Live live) {
            Table table = new Table("WORKER", "LATE", "AT MOST");
            for (Live.Worker worker : live.workers()) {
                table.row(
                        text("worker " + worker.worker()),
                        number(worker.lag(), Figures::time),
                        number(worker.mostLag(), Figures::time));
            }
            return table;
        }
    };

    abstract Table table(Live live);

    private static Table.Cell rate(double perSecond) {
        return number(perSecond, Figures::count);
    }

    private static Table.Cell count(long count) {
        return number((double) count, Figures::count);
    }

    private static Table.Cell time(Live.@Nullable Latency latency, Function<Live.Latency, Double> which) {
        return number(latency == null ? null : which.apply(latency), Figures::time);
    }
}
