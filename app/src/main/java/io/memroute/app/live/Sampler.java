package io.memroute.app.live;

import io.memroute.app.admin.EventStream;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.metrics.Overview;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.RecentEvents;
import io.memroute.proxy.repeat.Repeated;
import io.memroute.proxy.stats.ConfigurationCounters.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads the numbers of a proxy, and tells those who watch. The overview is read once a second; all numbers, which costs
 * the more the more servers there are, once a second while somebody watches or has asked lately, else each
 * {@link RecentReadings#COARSE}. Thread safe; works on a thread of its own.
 */
public final class Sampler implements AutoCloseable {

    static final Duration STEP = Duration.ofSeconds(1);

    /** Somebody who has asked asks again within this time, or does not watch any more. */
    private static final Duration LATELY = Duration.ofSeconds(15);

    private final ProxyServer server;
    private final History history = new History();
    private final RecentReadings<ProxyNumbers> readings;
    /** The time of the last question, as {@link System#nanoTime()}; long ago at first. */
    private volatile long askedNanos = System.nanoTime() - LATELY.toNanos();
    /** The reading of the last second. */
    private Reading<Overview> overview;

    private final List<EventStream> watchers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("memroute-sampler").daemon().factory());
    private long eventsTold;
    /** The end of the last load that was reported. */
    private Instant loadsTold = Instant.now();

    private Sampler(ProxyServer server) {
        this.server = server;
        readings = new RecentReadings<>(Reading.now(server::numbers));
        overview = Reading.now(server::overview);
        eventsTold = server.events().since(0).count();
    }

    /** Samples until it is closed. */
    public static Sampler start(ProxyServer server) {
        Sampler sampler = new Sampler(server);
        Repeated step = new Repeated("reading the metrics", sampler::step);
        sampler.thread.scheduleAtFixedRate(step, STEP.toMillis(), STEP.toMillis(), TimeUnit.MILLISECONDS);
        return sampler;
    }

    private void step() {
        sample();
        watchers.removeIf(watcher -> !watcher.isOpen());
        tell();
    }

    private void sample() {
        Reading<Overview> now = Reading.now(server::overview);
        history.add(Point.between(overview, now));
        overview = now;
        long last = newest().nanoTime();
        boolean watched = !watchers.isEmpty() || now.nanoTime() - askedNanos < LATELY.toNanos();
        if (watched || now.nanoTime() - last >= RecentReadings.COARSE.toNanos() - STEP.toNanos() / 2) {
            add(Reading.now(server::numbers));
        }
    }

    private synchronized Reading<ProxyNumbers> newest() {
        return readings.newest();
    }

    private synchronized void add(Reading<ProxyNumbers> reading) {
        readings.add(reading);
    }

    /** The numbers of about a minute ago; in the first minute, those of the start. */
    public synchronized ProxyNumbers ofAMinuteAgo() {
        return readings.nearest(System.nanoTime() - RecentReadings.KEPT.toNanos())
                .numbers();
    }

    /** The numbers of about the last seconds, compared with the reading that is nearest to so long ago. */
    Live live(double seconds) {
        askedNanos = System.nanoTime();
        synchronized (this) {
            if (askedNanos - newest().nanoTime() > STEP.toNanos()) {
                add(Reading.now(server::numbers));
            }
        }
        return interval(seconds).live(server.slowRequests());
    }

    private synchronized Interval interval(double seconds) {
        Reading<ProxyNumbers> now = readings.newest();
        return new Interval(readings.nearest(now.nanoTime() - Math.round(seconds * 1e9)), now);
    }

    History.Columns history() {
        return history.columns();
    }

    /** Sends the numbers of each second, and events, until the stream is closed. */
    void watch(EventStream stream) {
        stream.send("live", Json.line(live(LivePages.USUAL_SECONDS)));
        watchers.add(stream);
    }

    private void tell() {
        RecentEvents.Since news = server.events().since(eventsTold);
        eventsTold = news.count();
        List<Load> loads = server.loads();
        Instant told = loadsTold;
        loadsTold = loads.isEmpty() ? told : loads.getFirst().ended();
        if (watchers.isEmpty()) {
            return;
        }
        send("point", history.latest());
        send("live", interval(LivePages.USUAL_SECONDS).live(server.slowRequests()));
        news.events().reversed().forEach(event -> send("backend", event));
        loads.reversed().stream().filter(load -> load.ended().isAfter(told)).forEach(load -> send("reload", load));
    }

    private void send(String name, Record data) {
        byte[] event = EventStream.encode(name, Json.line(data));
        watchers.forEach(watcher -> watcher.send(event));
    }

    /** Stops sampling. Streams end with their listener. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
