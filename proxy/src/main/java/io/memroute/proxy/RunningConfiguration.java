package io.memroute.proxy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.discovery.Discovery;
import io.memroute.proxy.discovery.ServerLookup;
import io.memroute.proxy.discovery.source.Sources;
import io.memroute.proxy.log.LogStream;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.load.ScriptHost;
import io.memroute.proxy.stats.ConfigurationCounters;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in force, and the thread that loads, exchanges and maintains configurations. Thread safe.
 *
 * <p>A new configuration is compiled for every worker before the first worker uses it, so that a load succeeds
 * everywhere or changes nothing. That happens here too, Lua included: a program that takes long keeps no client
 * waiting.
 *
 * <p>Longer than 300 lines: what causes a load, and what a load does to what is in force, are one sequence on one
 * thread.
 */
final class RunningConfiguration implements ScriptHost {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** The time that {@link #close()} waits for a load: longer than any load takes that does not hang. */
    private static final long CLOSE_MILLIS = 2000;

    /** Loads one configuration, ready for workers. Called on the configuration thread. */
    @FunctionalInterface
    interface Loading {
        /**
         * @param servers is asked for the servers of sources
         * @param again whether the files are to be taken as the last load has read them
         * @throws ConfigException with everything that is wrong
         */
        RouteMaker load(ScriptHost host, ServerLookup servers, boolean again) throws ConfigException;

        /** The files that the last good load has read. Any thread. */
        default Set<String> files() {
            return Set.of();
        }
    }

    private final Optional<Loading> source;
    private final List<Worker> workers;
    private final LogStreams streams;
    private final BiConsumer<String, ByteBuf> stats;
    private final ConfigurationCounters counters = new ConfigurationCounters();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("memroute-config", true));
    /** A reload that was asked for and has not begun, for all who ask meanwhile; empty if there is none. */
    private final AtomicReference<@Nullable CompletableFuture<ReloadOutcome>> waitingReload = new AtomicReference<>();
    /** Whether a load that a source has caused waits to begin. */
    private final AtomicBoolean refreshWaits = new AtomicBoolean();

    private final Discovery discovery = new Discovery(new Sources(), this::schedule, this::refresh);
    /** The configuration in force; none before the first one, and without any. */
    private volatile @Nullable RouteMaker plan;

    private volatile Settings settings = Settings.DEFAULTS;

    /**
     * @param source empty if there is no configuration
     * @param streams the log streams that are told of loads
     * @param stats writes the statistics of a section
     */
    RunningConfiguration(
            Optional<Loading> source, List<Worker> workers, LogStreams streams, BiConsumer<String, ByteBuf> stats) {
        this.source = source;
        this.workers = workers;
        this.streams = streams;
        this.stats = stats;
        // A cron of a configuration that was replaced would hold it until its time came.
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Loads the first configuration and waits until all workers use it.
     *
     * @throws ConfigException what is wrong with it
     */
    void start() throws ConfigException {
        try {
            CompletableFuture.runAsync(() -> load(false), thread).join();
        } catch (CompletionException e) {
            throw cause(e);
        }
    }

    /** Whether there is a configuration, rather than the embedded store only. */
    boolean isPresent() {
        return source.isPresent();
    }

    /** The configuration in force at this moment. */
    Optional<RouteMaker> plan() {
        return Optional.ofNullable(plan);
    }

    /** The files of the configuration in force. */
    Set<String> files() {
        return source.map(Loading::files).orElse(Set.of());
    }

    /** The limits in force. */
    Settings settings() {
        return settings;
    }

    /** Loads again, as {@link ProxyServer#reload()} says. */
    CompletableFuture<ReloadOutcome> reload() {
        if (source.isEmpty()) {
            return CompletableFuture.completedFuture(ReloadOutcome.DONE);
        }
        CompletableFuture<ReloadOutcome> asked = new CompletableFuture<>();
        CompletableFuture<ReloadOutcome> waiting = waitingReload.compareAndExchange(null, asked);
        if (waiting != null) {
            // That reload has not begun to read anything.
            return waiting;
        }
        try {
            thread.execute(() -> {
                waitingReload.set(null);
                reload(asked);
            });
        } catch (RejectedExecutionException e) {
            // The server is being closed.
            asked.completeExceptionally(e);
        }
        return asked;
    }

    private void reload(CompletableFuture<ReloadOutcome> asked) {
        try {
            load(false);
            LOG.info("configuration reloaded");
            asked.complete(ReloadOutcome.DONE);
        } catch (CompletionException e) {
            refused(e.getCause() == null ? e : e.getCause(), asked);
        }
    }

    /** Loads again because a source names other servers. Any thread; one load is for all who ask before it begins. */
    private void refresh() {
        if (refreshWaits.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    refreshWaits.set(false);
                    try {
                        if (discovery.hasOffer()) {
                            load(true);
                        }
                    } catch (CompletionException e) {
                        refused(e.getCause() == null ? e : e.getCause(), new CompletableFuture<>());
                    }
                });
            } catch (RejectedExecutionException e) {
                // The server is being closed.
            }
        }
    }

    /** The sources of the configuration in force. */
    Discovery discovery() {
        return discovery;
    }

    private static void refused(Throwable failure, CompletableFuture<ReloadOutcome> asked) {
        if (failure instanceof ConfigException wrong) {
            LOG.error("reload failed, the previous configuration stays in force:\n{}", wrong.getMessage());
            asked.complete(new ReloadOutcome(Optional.of(wrong)));
            return;
        }
        if (failure instanceof DiscoveredChange.MovesTooMuchException much) {
            LOG.error("discovery: {}", much.getMessage());
        } else if (failure instanceof OutOfMemoryError full) {
            // Dealt with, as what the load had taken is free again: no stack trace, which stands for an error nobody
            // expected.
            LOG.error("reload failed, the previous configuration stays in force: out of memory: {}", full.getMessage());
        } else {
            LOG.error("reload failed, the previous configuration stays in force", failure);
        }
        asked.completeExceptionally(failure);
    }

    /**
     * Loads and puts in force.
     *
     * @param discovered whether a source has caused it, rather than an operator
     * @throws CompletionException around whatever went wrong; nothing has changed then
     */
    private void load(boolean discovered) {
        counters.loadStarted();
        tell("start");
        long startNanos = System.nanoTime();
        try {
            discovery.propose(!discovered && plan != null);
            RouteMaker next = source.orElseThrow().load(this, discovery, discovered);
            DiscoveredChange change = DiscoveredChange.between(plan(), next);
            if (discovered) {
                change.check();
            }
            install(next);
            change.log();
            discovery.accepted();
            ended(startNanos, Optional.empty());
        } catch (ConfigException | RuntimeException | Error e) {
            // Errors too: a script that uses up the heap or the stack must not end the thread, nor leave a load half
            // done.
            Throwable reason = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            discovery.refused(
                    DiscoveredChange.sources(plan()),
                    discovered ? DiscoveredChange.blamed(reason, plan()) : Set.of(),
                    String.valueOf(reason.getMessage()));
            ended(
                    startNanos,
                    Optional.of(String.valueOf(reason instanceof ConfigException ? reason.getMessage() : reason)));
            throw new CompletionException(reason);
        }
    }

    private void ended(long startNanos, Optional<String> errors) {
        counters.loadEnded(Duration.ofNanos(System.nanoTime() - startNanos), errors);
        tell(errors.isEmpty() ? "done" : "failed");
    }

    private void tell(String status) {
        if (streams.watched(LogStream.PROXYEVENTS)) {
            streams.write(LogStream.PROXYEVENTS, streams.line("proxy_conf").add("status", status));
        }
    }

    /** @throws ConfigException if a worker cannot use it; then none does */
    private void install(RouteMaker next) throws ConfigException {
        plan().ifPresent(next::follow);
        List<RouteTable> prepared = prepare(next);
        List<CompletableFuture<Void>> installed = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            installed.add(workers.get(i).install(prepared.get(i)));
        }
        installed.forEach(CompletableFuture::join);
        Optional<RouteMaker> before = plan();
        Turns turns = before.map(RouteMaker::end).orElse(Turns.NONE);
        plan = next;
        settings = next.settings();
        next.begin(turns);
    }

    /** The routes of each worker, one worker after the other: a load takes one processor from those who serve. */
    private List<RouteTable> prepare(RouteMaker next) throws ConfigException {
        List<RouteTable> prepared = new ArrayList<>();
        try {
            for (Worker worker : workers) {
                prepared.add(worker.prepare(next));
            }
            return prepared;
        } finally {
            if (prepared.size() < workers.size()) {
                for (int i = 0; i < prepared.size(); i++) {
                    workers.get(i).discard(prepared.get(i));
                }
            }
        }
    }

    private static ConfigException cause(CompletionException e) throws ConfigException {
        return switch (e.getCause()) {
            case ConfigException wrong -> wrong;
            case RuntimeException broken -> throw broken;
            case Error broken -> throw broken;
            case null, default -> throw e;
        };
    }

    /**
     * Ends what the configuration does by itself, and begins no load any more. One that runs is waited for a moment: it
     * needs the workers.
     */
    void close() {
        discovery.close();
        thread.shutdown();
        try {
            thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- for configurations ----

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Future<?> schedule(Runnable task, Duration delay) {
        try {
            return thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The server is being closed.
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public void requestReload() {
        reload();
    }

    @Override
    public void apply(Settings changed) {
        settings = changed;
        workers.forEach(worker -> worker.apply(changed));
    }

    @Override
    public void writeStats(String section, ByteBuf out) {
        stats.accept(section, out);
    }

    @Override
    public LogStreams streams() {
        return streams;
    }

    @Override
    public ConfigurationCounters counters() {
        return counters;
    }
}
