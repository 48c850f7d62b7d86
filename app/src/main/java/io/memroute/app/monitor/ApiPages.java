package io.memroute.app.monitor;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.admin.AdminPages.Page;
import io.memroute.app.admin.AdminResponse;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.discovery.Slot;
import io.memroute.proxy.discovery.SourceReading;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.ConfigurationNumbers;
import io.memroute.proxy.metrics.PoolNumbers;
import io.memroute.proxy.metrics.RecentEvents.Event;
import io.memroute.proxy.stats.ConfigurationCounters.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The state of a running proxy as JSON. */
public final class ApiPages {

    public record Backends(List<Backend> backends) {}

    /** @param failures by memcached's word for the reason; those that have happened */
    public record Backend(
            String label,
            String address,
            BackendNumbers.State state,
            Connections connections,
            long requests,
            long queued,
            Map<String, Long> failures) {}

    public record Connections(int ready, int connecting, int bad) {}

    public record Pools(List<Pool> pools) {}

    /**
     * @param backends the labels of its members, in their order
     * @param up how many of them are up
     */
    public record Pool(String name, List<String> backends, int up) {}

    public record Sources(List<Source> sources) {}

    /**
     * @param servers the labels of those in force, in the order of their slots
     * @param kept those of them that the source names no more
     * @param age since the last good answer; absent if there was none since the start
     * @param error why the last question had no good answer; absent if it had
     * @param heldBack the change that waits for confirmation, and why; absent if none does
     */
    public record Source(
            String source,
            List<String> servers,
            List<String> kept,
            Optional<Duration> age,
            long failures,
            Optional<String> error,
            Optional<String> heldBack) {}

    /**
     * @param source the files; absent without a configuration
     * @param loaded when it came into force
     * @param lastErrors why the last load failed; absent if it did not
     */
    public record Configuration(
            Optional<String> source, Optional<String> digest, Optional<Instant> loaded, Optional<String> lastErrors) {}

    public record Reloads(long loads, long failed, List<Load> recent) {}

    public record Events(List<Event> events) {}

    /** @param counters those that the configuration and its programs name, by name */
    public record Counters(Map<String, Long> counters) {}

    private ApiPages() {}

    public static List<Page> of(ProxyServer server) {
        return List.of(
                page("backends", server, ApiPages::backends),
                page("pools", server, ApiPages::pools),
                page("sources", server, ApiPages::sources),
                page("configuration", server, ApiPages::configuration),
                page("reloads", server, ApiPages::reloads),
                page(
                        "counters",
                        server,
                        proxy -> new Counters(new TreeMap<>(proxy.numbers().named()))),
                page("events", server, proxy -> new Events(proxy.events().events())));
    }

    private static Page page(String name, ProxyServer server, Function<ProxyServer, Record> content) {
        return new Page("/api/" + name, Cost.LOW, request -> AdminResponse.json(Json.of(content.apply(server))));
    }

    private static Backends backends(ProxyServer server) {
        return new Backends(
                server.numbers().backends().stream().map(ApiPages::backend).toList());
    }

    private static Backend backend(BackendNumbers numbers) {
        Map<String, Long> failures = new TreeMap<>();
        numbers.failures().forEach((failure, count) -> {
            if (count > 0) {
                failures.put(failure, count);
            }
        });
        return new Backend(
                numbers.label(),
                numbers.address(),
                numbers.state(),
                new Connections(numbers.ready(), numbers.connecting(), numbers.bad()),
                numbers.requests(),
                numbers.queued(),
                failures);
    }

    private static Pools pools(ProxyServer server) {
        return new Pools(server.numbers().pools().stream().map(ApiPages::pool).toList());
    }

    private static Pool pool(PoolNumbers numbers) {
        return new Pool(numbers.name(), numbers.backends(), numbers.up());
    }

    private static Sources sources(ProxyServer server) {
        return new Sources(server.sources().stream().map(ApiPages::source).toList());
    }

    private static Source source(SourceReading reading) {
        return new Source(
                reading.source().toString(),
                reading.slots().stream().map(slot -> slot.server().label()).toList(),
                reading.slots().stream()
                        .filter(Slot::down)
                        .map(slot -> slot.server().label())
                        .toList(),
                reading.answeredAge(),
                reading.failures(),
                reading.error(),
                reading.heldBack());
    }

    private static Configuration configuration(ProxyServer server) {
        ConfigurationNumbers numbers = server.numbers().configuration();
        return new Configuration(
                server.options().configuration().map(ConfigSource::name),
                numbers.digest(),
                numbers.lastSuccess(),
                numbers.recent().stream().findFirst().flatMap(Load::errors));
    }

    private static Reloads reloads(ProxyServer server) {
        ConfigurationNumbers numbers = server.numbers().configuration();
        return new Reloads(numbers.loads(), numbers.failedLoads(), numbers.recent());
    }
}
