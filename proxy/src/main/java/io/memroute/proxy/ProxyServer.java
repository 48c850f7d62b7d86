package io.memroute.proxy;

import io.memroute.proxy.access.QuotaBook;
import io.memroute.proxy.backend.BackendContext;
import io.memroute.proxy.backend.connect.BackendTls;
import io.memroute.proxy.backend.events.LoggedBackendEvents;
import io.memroute.proxy.backend.events.WatchedBackendEvents;
import io.memroute.proxy.client.ClientContext;
import io.memroute.proxy.client.ClientLimits;
import io.memroute.proxy.client.Listeners;
import io.memroute.proxy.client.WatchCommand;
import io.memroute.proxy.client.WorkerClients;
import io.memroute.proxy.client.accept.AcceptPause;
import io.memroute.proxy.client.accept.ClientTaker;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.client.accept.MovingClient;
import io.memroute.proxy.client.limit.LargestReply;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.discovery.ServerLookup;
import io.memroute.proxy.discovery.SourceReading;
import io.memroute.proxy.explain.Why;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.log.WatchedStore;
import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.proxy.metrics.Overview;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.RecentEvents;
import io.memroute.proxy.metrics.SlowRequest;
import io.memroute.proxy.script.library.LuaRoutePlan;
import io.memroute.proxy.stats.ConfigurationCounters;
import io.memroute.proxy.text.SystemError;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.trust.AttemptLimit;
import io.memroute.proxy.wire.MemoryLimit;
import io.memroute.proxy.worker.ServerContext;
import io.memroute.store.Store;
import io.memroute.transport.kernel.SocketDescriptor;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: listeners, workers and the configuration in force. Thread safe.
 *
 * <p>Longer than 300 lines: it is all that a program which runs a server sees of it, and its methods are short.
 */
public final class ProxyServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Netty's property for finding buffers that were not released; tests set it. */
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    /** Loads configurations. Called on the configuration thread. */
    @FunctionalInterface
    public interface Configurations {
        /** @throws ConfigException with everything that is wrong */
        ProxyConfig load() throws ConfigException;
    }

    private final ServerOptions options;
    private final ServerTrust trust;
    private final LogStreams streams = new LogStreams();
    private final Transport transport;
    private final Store store;
    private final ServerThreads threads;
    private final MemoryLimit memoryLimit = new MemoryLimit();
    private final List<Worker> workers;
    private final Listeners listeners;
    private final RecentEvents events = new RecentEvents(new LoggedBackendEvents());
    private final LoopWatch loopWatch;
    private final NumberReader numbers = new NumberReader(this);
    private final RunningConfiguration configuration;
    private final BoundAddresses addresses;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    /** The reason for which the server ended by itself; none if it has not. */
    private volatile @Nullable ThreadEndedException failure;

    private ProxyServer(ServerOptions options, Optional<RunningConfiguration.Loading> source, ServerTrust trust) {
        if (System.getProperty(LEAK_DETECTION) == null) {
            // By default Netty wraps one buffer in a hundred to watch it, which costs all the others their fast paths.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        this.options = options;
        this.trust = trust;
        this.transport = options.transport().resolve();
        this.store = Store.builder()
                .maximumBytes(options.storeBytes())
                .itemSizeLimit(options.itemSizeLimitBytes())
                .events(new WatchedStore(streams))
                .build();
        threads = new ServerThreads(transport, options.workers());
        ServerContext shared = new ServerContext(
                transport.clientChannel(), PooledByteBufAllocator.DEFAULT, store, streams, memoryLimit);
        BackendContext backends =
                new BackendContext(new WatchedBackendEvents(streams, events), new BackendTls(), options.markInterval());
        ClientLimits limits = new ClientLimits(
                options.requestsInFlight(), options.valueLimitBytes(), ClientLimits.DEFAULT_UNSENT_BYTES);
        ClientContext clients = new ClientContext(
                limits,
                options.clientTimes(),
                new ServerAdmin(this),
                new WatchCommand(streams, options.allowWatch(), options.watcherBufferBytes()),
                new LargestReply(),
                trust.tls(),
                trust.passwords(),
                new AttemptLimit(),
                new QuotaBook());
        workers = StreamSupport.stream(threads.workers().spliterator(), false)
                .map(loop -> new Worker((SingleThreadEventLoop) loop, shared, backends, clients, options.workers()))
                .toList();
        loopWatch = new LoopWatch(workers.stream().map(Worker::loop).toList(), System::nanoTime);
        configuration = new RunningConfiguration(source, workers, streams, new ServerStats(this)::write);
        Map<EventExecutor, WorkerClients> byLoop =
                workers.stream().collect(Collectors.toMap(Worker::loop, Worker::clients));
        listeners = new Listeners(
                threads.acceptor(),
                threads.workers(),
                loop -> Objects.requireNonNull(byLoop.get(loop), "a loop of this server"),
                shared.allocator(),
                options.maxConnections(),
                limits.unsentBytes());
        addresses = new BoundAddresses(options, transport, listeners);
        threads.onEnd(this::threadEnded);
    }

    private void threadEnded(String name) {
        if (!closing.get()) {
            failure = new ThreadEndedException(name + " ended unexpectedly; see the log");
            LOG.error("{} ended unexpectedly; stopping the server", name);
            closed.countDown();
        }
    }

    /**
     * Starts a server on the configuration that its options name.
     *
     * @throws ConfigException if the configuration has errors; nothing is left running then
     * @throws IOException if an address cannot be listened on or a certificate not be used; nothing is left running
     *     then
     * @throws IllegalStateException if the transport asked for does not work here
     */
    public static ProxyServer start(ServerOptions options) throws ConfigException, IOException {
        return startLoading(options, options.configuration().map(named -> new NamedConfiguration(named, options)));
    }

    /**
     * Starts a server on configurations from anywhere; fails as {@link #start(ServerOptions)} does.
     *
     * @param source empty for a plain memcached
     */
    public static ProxyServer start(ServerOptions options, Optional<Configurations> source)
            throws ConfigException, IOException {
        return startLoading(options, source.map(given -> (host, servers, again) -> LuaRoutePlan.plan(given.load())));
    }

    private static ProxyServer startLoading(ServerOptions options, Optional<RunningConfiguration.Loading> source)
            throws ConfigException, IOException {
        ProxyServer server = prepareLoading(options, source);
        server.prepareAccepting();
        server.accept();
        server.announce();
        return server;
    }

    /**
     * Starts a server as {@link #start(ServerOptions)} does, except that it accepts no clients yet and logs nothing.
     */
    public static ProxyServer prepare(ServerOptions options) throws ConfigException, IOException {
        return prepareLoading(options, options.configuration().map(named -> new NamedConfiguration(named, options)));
    }

    private static ProxyServer prepareLoading(ServerOptions options, Optional<RunningConfiguration.Loading> source)
            throws ConfigException, IOException {
        ProxyServer server = new ProxyServer(options, source, ServerTrust.open(options));
        try {
            // First, so that an address that is taken is noticed before any server is connected to.
            server.addresses.bind();
            if (source.isPresent()) {
                server.configuration.start();
            }
            return server;
        } catch (ConfigException | IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Prepares to accept clients on the sockets of another process, which must not accept any more.
     *
     * @throws IOException if the system refuses; the server is closed then
     */
    public void prepareAccepting() throws IOException {
        try {
            addresses.prepareAccepting();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Begins to accept clients. */
    public void accept() {
        try {
            listeners.startAccepting();
            Rehearsal.begin(this);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Logs what serves where. */
    public void announce() {
        LOG.info(
                "memroute {} on {}, {} worker{}, listening on {}, {}",
                MemrouteVersion.TEXT,
                transport.label(),
                options.workers(),
                options.workers() == 1 ? "" : "s",
                addresses.all().stream().map(SystemError::readable).collect(Collectors.joining(", ")),
                options.configuration()
                        .map(named -> "configuration " + named.name())
                        .orElse("no configuration"));
    }

    // ---- for a server that takes the place of this one, or whose place this one takes ----

    /**
     * The sockets that listen, with the descriptors of this process.
     *
     * @throws IOException if the transport does not tell them
     */
    public List<GivenSocket> sockets() throws IOException {
        List<GivenSocket> sockets = new ArrayList<>();
        for (Channel listening : listeners.listening()) {
            int descriptor = transport.descriptor(listening);
            sockets.add(new GivenSocket(AcceptPause.address(listening), descriptor, addresses.ownsFile(descriptor)));
        }
        return sockets;
    }

    /** Accepts nobody until {@link #resumeAccepting()}; clients that connect wait. */
    public void pauseAccepting() {
        listeners.pauseAccepting();
    }

    /**
     * Accepts clients again.
     *
     * @throws IOException if that is not certain for every address; the others accept
     */
    public void resumeAccepting() throws IOException {
        Optional<IOException> failure = Optional.empty();
        try {
            for (GivenSocket socket : sockets()) {
                try {
                    transport.prepare(socket.descriptor());
                } catch (IOException e) {
                    failure = Optional.of(e);
                }
            }
        } finally {
            listeners.startAccepting();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /**
     * Owns what the other server has left to it: the files of UNIX sockets, which it removes at its end.
     *
     * @throws IOException if one is gone
     */
    public void own() throws IOException {
        addresses.ownSocketFiles();
    }

    /** Does not own any more what the other server owns from now on. */
    public void disown() {
        addresses.leaveSocketFiles();
    }

    /**
     * Ends as {@link #shutDown()} does, but at once.
     *
     * @param taker the other server, which is given the clients that it can serve
     */
    public void leave(ClientTaker taker) {
        shutDown(Duration.ZERO, Optional.of(taker));
    }

    /**
     * Serves a client whom another server has served so far.
     *
     * @param client a client with a descriptor that is this server's from here on, and is closed if this fails
     * @throws IOException if it is no client of a listener of this server
     */
    public void take(MovingClient client) throws IOException {
        int descriptor = client.descriptor();
        try {
            SocketAddress local = SocketDescriptor.localAddress(descriptor);
            Channel channel = transport.client(descriptor, local);
            if (!listeners.take(channel, client, local)) {
                throw new IOException("no listener on " + SystemError.readable(local));
            }
        } catch (IOException | RuntimeException e) {
            SocketDescriptor.close(descriptor);
            throw e;
        }
    }

    /**
     * Reads certificates and the configuration again and has all workers use them. Requests on their way finish on the
     * routes they started on. If anything is wrong with the configuration, the previous one stays in force on every
     * worker, and so do certificates that cannot be replaced. Returns at once; all that are asked for while one is
     * under way come to one more after it.
     */
    public CompletableFuture<ReloadOutcome> reload() {
        return trust.reload()
                .thenCombine(configuration.reload(), (refused, outcome) -> outcome.succeeded() ? refused : outcome);
    }

    /** The files that a reload reads, as far as the configuration in force and the options name them. Any thread. */
    public Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>(options.files());
        configuration.files().forEach(name -> files.add(Path.of(name)));
        configuration().ifPresent(config -> config.backendFiles().forEach(name -> files.add(Path.of(name))));
        return files;
    }

    /** The certificates of the server, and how they are replaced. */
    ServerTrust trust() {
        return trust;
    }

    /** The addresses it listens on, in the order of the options' listeners, with the ports that the system chose. */
    public List<SocketAddress> addresses() {
        return addresses.all();
    }

    /** The configuration in force, for comparing and showing it; empty without one. Any thread. */
    public Optional<ProxyConfig> configuration() {
        return model().map(RoutePlan::config);
    }

    /**
     * Explains commands under the configuration in force at this moment; empty without one. Any thread but a worker's:
     * an explanation runs routes several times and takes milliseconds.
     */
    public Optional<Why> why() {
        return model().map(Why::new);
    }

    /** Empty without a configuration, and for a Lua program of its own. */
    private Optional<RoutePlan> model() {
        return configuration.plan().filter(RoutePlan.class::isInstance).map(RoutePlan.class::cast);
    }

    /** All numbers at this moment. Any thread but a worker's: it takes a millisecond for some hundred backends. */
    public ProxyNumbers numbers() {
        return numbers.read();
    }

    /** Reads single numbers, for answers that a worker gives. */
    NumberReader numberReader() {
        return numbers;
    }

    /** The overview at this moment. Any thread but a worker's: it takes some dozen microseconds. */
    public Overview overview() {
        return numbers.overview();
    }

    /** The slowest requests of the last minutes, the slowest first. Any thread but a worker's. */
    public List<SlowRequest> slowRequests() {
        return numbers.slowRequests();
    }

    /** The last loads of the configuration, the newest first. Any thread. */
    public List<ConfigurationCounters.Load> loads() {
        return configuration.counters().recentLoads();
    }

    /** The sources of servers that the configuration in force names, by address. Any thread. */
    public List<SourceReading> sources() {
        return configuration.discovery().readings();
    }

    /** Tells the slots in force of these sources, and asks none. Any thread. */
    public ServerLookup servers() {
        return (address, settings) -> sources().stream()
                .filter(reading -> reading.source().equals(address))
                .map(SourceReading::slots)
                .filter(slots -> !slots.isEmpty())
                .findFirst();
    }

    /** The TLS to clients, with its numbers; empty if no listener has it. */
    public Optional<ClientTls> tls() {
        return trust.tls();
    }

    /** Measures how promptly the workers run their tasks, while there are probes. */
    public LoopWatch loopWatch() {
        return loopWatch;
    }

    /** The latest events of backends. */
    public RecentEvents events() {
        return events;
    }

    /** Whether it has begun to end: it answers what is under way, and accepts nothing more. */
    public boolean isEnding() {
        return leaving.get() || closing.get() || failure != null;
    }

    /** The options it was started with. */
    public ServerOptions options() {
        return options;
    }

    /** The transport in use; never {@link Transport#AUTO}. */
    public Transport transport() {
        return transport;
    }

    List<Worker> workers() {
        return workers;
    }

    MemoryLimit memoryLimit() {
        return memoryLimit;
    }

    Store store() {
        return store;
    }

    LogStreams streams() {
        return streams;
    }

    Listeners listeners() {
        return listeners;
    }

    RunningConfiguration running() {
        return configuration;
    }

    /**
     * Returns when the server has been closed, by {@link #close()} or by a client's {@code shutdown}.
     *
     * @throws ThreadEndedException if it can't go on; it is still to be closed
     */
    public void awaitClose() throws InterruptedException {
        closed.await();
        ThreadEndedException ended = failure;
        if (ended != null) {
            throw ended;
        }
    }

    /**
     * Is not ready any more, serves for the delay that the options give, stops accepting, answers what clients have
     * sent so far, within the time that the options give, then closes. If it is called again meanwhile, it closes at
     * once. Not to be called on a worker's thread.
     */
    public void shutDown() {
        shutDown(options.drainDelay(), Optional.empty());
    }

    private void shutDown(Duration delay, Optional<ClientTaker> taker) {
        if (!leaving.compareAndSet(false, true)) {
            if (!closing.get()) {
                LOG.info("second signal; closing at once");
            }
            close();
            return;
        }
        if (failure == null) {
            new Drain(options, delay, listeners, taker, closed).run();
        }
        close();
    }

    /** Stops accepting, closes all connections and ends the threads. Harmless if called again. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        addresses.removeSocketFiles();
        if (failure == null) {
            closeConnections();
        }
        threads.end();
        closed.countDown();
    }

    /**
     * Closes all connections. Not to be called when a thread has ended: its connections would never report that they
     * are closed. They end with the process.
     */
    private void closeConnections() {
        listeners.stopAccepting();
        listeners.closeClients();
        configuration.close();
        workers.stream().map(Worker::close).toList().forEach(CompletableFuture::join);
    }
}
