package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.monitor.ApiPages;
import io.memroute.app.remote.RemoteProxy;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answers of a proxy about itself.
 *
 * @param proxy the address that it was asked at
 * @param now when
 * @param live the numbers of the last seconds
 * @param configuration what is in force; empty without a configuration, and for a Lua program of its own
 * @param loaded the files and the digest
 * @param metrics of {@code /metrics}: those that {@link #METRICS} names, by name and labels
 */
record Evidence(
        String proxy,
        Instant now,
        Live live,
        Optional<ShownConfiguration> configuration,
        ApiPages.Configuration loaded,
        ApiPages.Events events,
        Map<String, Double> metrics) {

    static final String OPEN_DESCRIPTORS = "process_open_fds";
    static final String MOST_DESCRIPTORS = "process_max_fds";

    private static final List<String> METRICS = List.of(OPEN_DESCRIPTORS, MOST_DESCRIPTORS);

    /**
     * Asks a proxy.
     *
     * @param seconds which the numbers are to be about
     * @throws IOException if it does not answer
     */
    static Evidence of(RemoteProxy proxy, int seconds) throws IOException {
        return new Evidence(
                proxy.name(),
                Instant.now(),
                proxy.read("/api/live?seconds=" + seconds, Live.class),
                ShownConfiguration.of(proxy),
                proxy.read("/api/configuration", ApiPages.Configuration.class),
                proxy.read("/api/events", ApiPages.Events.class),
                metrics(proxy.text("/metrics?name[]=" + String.join("&name[]=", METRICS))));
    }

    private static Map<String, Double> metrics(String text) throws IOException {
        Map<String, Double> samples = new HashMap<>();
        for (String line : text.lines().filter(one -> !one.startsWith("#")).toList()) {
            int space = line.lastIndexOf(' ');
            try {
                samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new IOException("/metrics: expected a sample, got \"" + line + "\"", e);
            }
        }
        return samples;
    }

    double metric(String name) {
        return metrics.getOrDefault(name, 0.0);
    }

    /** Returns the number of requests, or of others, that a rate stands for. */
    double requests(double rate) {
        return rate * live.intervalSeconds();
    }

    /** {@code within the last 60 s}. */
    String interval() {
        return "within the last " + Math.round(live.intervalSeconds()) + " s";
    }

    Optional<Live.Pool> pool(String name) {
        return live.pools().stream().filter(pool -> pool.name().equals(name)).findFirst();
    }

    /** The servers of a pool. */
    List<Live.Backend> backends(String pool) {
        return live.backends().stream()
                .filter(backend -> backend.pools().contains(pool))
                .toList();
    }

    /** A server as people know it: its label, and its address if that is something else. */
    static String name(Live.Backend backend) {
        return backend.label().equals(backend.address())
                ? backend.label()
                : backend.label() + " (" + backend.address() + ")";
    }
}
