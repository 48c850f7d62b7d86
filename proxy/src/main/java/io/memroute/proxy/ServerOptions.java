package io.memroute.proxy;

import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.explain.KnownListeners;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that is fixed when a server starts; what a reload may change stands in the configuration instead.
 *
 * <p>Longer than 300 lines: one list, with three short entries for each option.
 *
 * @param listeners where to listen; at least one
 * @param workers event-loop threads; each has its own connections to every backend
 * @param transport how sockets are driven
 * @param configuration the proxy configuration, or empty for a plain memcached that answers from the embedded store
 * @param maxConnections client connections at one time; one more is refused with memcached's text
 * @param requestsInFlight requests one client may have outstanding before the server stops reading from it
 * @param storeBytes size of the embedded store ({@code -m}), in bytes
 * @param itemSizeLimitBytes the largest item of the embedded store ({@code -I}), in bytes
 * @param valueLimitBytes the largest value a client may send through the proxy, in bytes
 * @param allowShutdown whether clients may stop the server with {@code shutdown} ({@code -A})
 * @param allowFlushAll whether {@code flush_all} empties the embedded store; {@code -F} forbids it. What it does to
 *     servers behind a proxy is a matter of the configuration
 * @param allowWatch whether clients may watch the log streams; {@code -W} forbids it
 * @param watcherBufferBytes lines that may wait for one client that watches ({@code -o watcher_logbuf_size})
 * @param unixSocketMask permissions of UNIX sockets ({@code -a}), as in {@code chmod}
 * @param verbosity how often {@code -v} was given
 * @param clientTimes how long clients may be idle, or take for a request
 * @param drainDelay how long a server that is asked to end still keeps serving, except that it is not ready
 * @param drainTimeout how long a server that is asked to end waits for requests under way; zero is not at all
 * @param markInterval how often a mark checks that a connection to a server is in step
 * @param lua what the Lua of the configuration may use up
 * @param tls the TLS to clients; needed if a listener has it
 * @param passwords the file of users and passwords ({@code -Y}); empty if clients need not log in
 * @param given sockets that listen already, for the listeners that have their addresses; others are closed
 */
public record ServerOptions(
        List<ListenerSpec> listeners,
        int workers,
        Transport transport,
        Optional<ConfigSource> configuration,
        int maxConnections,
        int requestsInFlight,
        long storeBytes,
        int itemSizeLimitBytes,
        int valueLimitBytes,
        boolean allowShutdown,
        boolean allowFlushAll,
        boolean allowWatch,
        int watcherBufferBytes,
        int unixSocketMask,
        int verbosity,
        ClientTimes clientTimes,
        Duration drainDelay,
        Duration drainTimeout,
        Duration markInterval,
        LuaBounds lua,
        Optional<TlsSettings> tls,
        Optional<Path> passwords,
        List<GivenSocket> given) {

    /** Short enough that few replies can go wrong, long enough that the marks cost nothing. */
    public static final Duration DEFAULT_MARK_INTERVAL = Duration.ofMillis(50);

    /** Deep enough for any client library's pipeline; what a request holds is a few hundred bytes. */
    public static final int DEFAULT_REQUESTS_IN_FLIGHT = 1024;

    /** memcached's default: some thousand lines. */
    public static final int DEFAULT_WATCHER_BUFFER_BYTES = 256 << 10;

    /** The files that are read at the start and at each reload: configuration, certificates, keys, passwords. */
    public Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        configuration.ifPresent(named -> Stream.concat(named.files().stream(), named.argument().stream())
                .filter(file -> !file.equals(ConfigSource.BUILT_IN))
                .forEach(file -> files.add(Path.of(file))));
        tls.ifPresent(settings -> files.addAll(settings.files()));
        passwords.ifPresent(files::add);
        return files;
    }

    /** The listeners that the configuration is for. */
    public KnownListeners knownListeners() {
        return new KnownListeners(
                listeners.stream()
                        .filter(listener -> listener.protocol() == ListenerSpec.Protocol.PROXY)
                        .map(ListenerSpec::tag)
                        .collect(Collectors.toSet()),
                passwords.isPresent(),
                tls.isPresent() && listeners.stream().anyMatch(this::asksForCertificates));
    }

    private boolean asksForCertificates(ListenerSpec listener) {
        return switch (listener.tls()) {
            case NONE, BASIC -> false;
            case USUAL -> tls.map(TlsSettings::verify).orElse(TlsSettings.Verify.NONE) != TlsSettings.Verify.NONE;
            case MUTUAL -> true;
        };
    }

    /**
     * Longer than the read timeout of servers (3 s), after which every request is answered; shorter than supervisors
     * wait.
     */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException naming the option and the value that is out of range */
    public ServerOptions {
        listeners = List.copyOf(listeners);
        given = List.copyOf(given);
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(configuration, "configuration");
        Objects.requireNonNull(clientTimes, "clientTimes");
        Objects.requireNonNull(drainDelay, "drainDelay");
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        Objects.requireNonNull(markInterval, "markInterval");
        Objects.requireNonNull(lua, "lua");
        if (tls.isEmpty() && listeners.stream().anyMatch(listener -> listener.tls() != ListenerTls.NONE)) {
            throw new IllegalArgumentException("a listener with TLS needs the settings of TLS");
        }
        if (listeners.isEmpty()) {
            throw new IllegalArgumentException("a server needs at least one listener");
        }
        atLeast("workers", workers, 1);
        atLeast("maxConnections", maxConnections, 1);
        atLeast("requestsInFlight", requestsInFlight, 1);
        atLeast("storeBytes", storeBytes, 1);
        atLeast("itemSizeLimitBytes", itemSizeLimitBytes, 1);
        atLeast("valueLimitBytes", valueLimitBytes, 1);
        atLeast("watcherBufferBytes", watcherBufferBytes, 0);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }

    /** The defaults, memcached's where it has the same option. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; not thread safe. */
    public static final class Builder {
        private final List<ListenerSpec> listeners = new ArrayList<>();
        private int workers = 4;
        private Transport transport = Transport.AUTO;
        private Optional<ConfigSource> configuration = Optional.empty();
        private int maxConnections = 1024;
        private int requestsInFlight = DEFAULT_REQUESTS_IN_FLIGHT;
        private long storeBytes = 64L << 20;
        private int itemSizeLimitBytes = 1 << 20;
        private int valueLimitBytes = 128 << 20;
        private boolean allowShutdown;
        private boolean allowFlushAll = true;
        private boolean allowWatch = true;
        private int watcherBufferBytes = DEFAULT_WATCHER_BUFFER_BYTES;
        private int unixSocketMask = 0700;
        private int verbosity;
        private ClientTimes clientTimes = ClientTimes.DEFAULTS;
        private Duration drainDelay = Duration.ZERO;
        private Duration drainTimeout = DEFAULT_DRAIN_TIMEOUT;
        private Duration markInterval = DEFAULT_MARK_INTERVAL;
        private LuaBounds lua = LuaBounds.defaults();
        private Optional<TlsSettings> tls = Optional.empty();
        private Optional<Path> passwords = Optional.empty();
        private List<GivenSocket> given = List.of();

        private Builder() {}

        public Builder listener(ListenerSpec listener) {
            listeners.add(listener);
            return this;
        }

        public Builder workers(int count) {
            workers = count;
            return this;
        }

        public Builder transport(Transport choice) {
            transport = choice;
            return this;
        }

        public Builder configuration(ConfigSource source) {
            configuration = Optional.of(source);
            return this;
        }

        public Builder maxConnections(int limit) {
            maxConnections = limit;
            return this;
        }

        public Builder requestsInFlight(int limit) {
            requestsInFlight = limit;
            return this;
        }

        public Builder storeBytes(long limit) {
            storeBytes = limit;
            return this;
        }

        public Builder itemSizeLimitBytes(int limit) {
            itemSizeLimitBytes = limit;
            return this;
        }

        public Builder valueLimitBytes(int limit) {
            valueLimitBytes = limit;
            return this;
        }

        public Builder allowShutdown(boolean allowed) {
            allowShutdown = allowed;
            return this;
        }

        public Builder allowFlushAll(boolean allowed) {
            allowFlushAll = allowed;
            return this;
        }

        public Builder allowWatch(boolean allowed) {
            allowWatch = allowed;
            return this;
        }

        public Builder watcherBufferBytes(int bytes) {
            watcherBufferBytes = bytes;
            return this;
        }

        public Builder unixSocketMask(int mask) {
            unixSocketMask = mask;
            return this;
        }

        public Builder verbosity(int level) {
            verbosity = level;
            return this;
        }

        public Builder drainDelay(Duration delay) {
            drainDelay = delay;
            return this;
        }

        public Builder drainTimeout(Duration limit) {
            drainTimeout = limit;
            return this;
        }

        public Builder markInterval(Duration interval) {
            markInterval = interval;
            return this;
        }

        public Builder clientTimes(ClientTimes times) {
            clientTimes = times;
            return this;
        }

        public Builder lua(LuaBounds bounds) {
            lua = bounds;
            return this;
        }

        public Builder passwords(Path file) {
            passwords = Optional.of(file);
            return this;
        }

        public Builder given(List<GivenSocket> sockets) {
            given = sockets;
            return this;
        }

        public Builder tls(TlsSettings settings) {
            tls = Optional.of(settings);
            return this;
        }

        /** @throws IllegalArgumentException if an option is out of range */
        public ServerOptions build() {
            return new ServerOptions(
                    listeners,
                    workers,
                    transport,
                    configuration,
                    maxConnections,
                    requestsInFlight,
                    storeBytes,
                    itemSizeLimitBytes,
                    valueLimitBytes,
                    allowShutdown,
                    allowFlushAll,
                    allowWatch,
                    watcherBufferBytes,
                    unixSocketMask,
                    verbosity,
                    clientTimes,
                    drainDelay,
                    drainTimeout,
                    markInterval,
                    lua,
                    tls,
                    passwords,
                    given);
        }
    }
}
