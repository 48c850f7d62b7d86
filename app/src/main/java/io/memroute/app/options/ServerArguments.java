package io.memroute.app.options;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ListenerSpec.Protocol;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The request of a command line, checked but not yet acted on.
 *
 * @param action what to do; for all but {@link Action#SERVE} the rest has no meaning
 * @param listen the elements of {@code -l}; empty for every address of this machine
 * @param port the TCP port of elements without one; empty if no TCP is wanted, 0 for any free port
 * @param unixSocket the path of {@code -s}
 * @param addressed whether the command line says where to listen ({@code -p}, {@code -l} or {@code -s})
 * @param settings everything else a server is started with; its listeners come from {@link #serverOptions()}
 * @param admin where to answer questions about the configuration ({@code --admin})
 * @param adminFiles by which that is protected
 * @param takeOver the process whose place to take ({@code --take-over})
 * @param watch whether to reload when files change ({@code --watch})
 * @param daemon whether to go to the background ({@code -d})
 * @param pidFile where to write the process id ({@code -P})
 * @param user the user to switch to when started as root ({@code -u})
 * @param warnings one line each for what was asked for and is not done
 */
public record ServerArguments(
        Action action,
        List<ListenAddress> listen,
        Optional<Integer> port,
        Optional<Path> unixSocket,
        boolean addressed,
        Settings settings,
        Optional<SocketAddress> admin,
        AdminFiles adminFiles,
        Optional<Long> takeOver,
        boolean watch,
        boolean daemon,
        Optional<Path> pidFile,
        Optional<String> user,
        List<String> warnings) {

    /** The purpose of a command line. */
    public enum Action {
        SERVE,
        HELP,
        LICENSE,
        VERSION
    }

    /** The values of {@link ServerOptions} that need no lookup. */
    public record Settings(
            Optional<ConfigSource> configuration,
            Transport transport,
            int workers,
            int maxConnections,
            Optional<Integer> requestsInFlight,
            long storeBytes,
            int itemSizeLimitBytes,
            boolean allowShutdown,
            boolean allowFlushAll,
            boolean allowWatch,
            int watcherBufferBytes,
            int unixSocketMask,
            int verbosity,
            ClientTimes clientTimes,
            Duration drainDelay,
            Duration drainTimeout,
            LuaBounds lua,
            Optional<TlsSettings> tls,
            Optional<Path> passwords,
            boolean unixAnonymous) {}

    public ServerArguments {
        listen = List.copyOf(listen);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads memcached's syntax.
     *
     * @param program the name messages begin with
     * @throws UsageException with memcached's text and exit status
     */
    public static ServerArguments parse(String program, List<String> words) throws UsageException {
        return read(program, words, false);
    }

    /**
     * Reads what follows {@code memroute run}: a configuration file for the built-in route library, and memcached's
     * options.
     *
     * @param program the name messages begin with
     * @throws UsageException with memcached's text and exit status
     */
    public static ServerArguments parseRun(String program, List<String> words) throws UsageException {
        return read(program, words, true);
    }

    private static ServerArguments read(String program, List<String> words, boolean takesFile) throws UsageException {
        ServerArgumentsReader reader = new ServerArgumentsReader(takesFile);
        new GetOpt(program, reader).read(words);
        return reader.finish();
    }

    /** The number of times that {@code -v} was given. */
    public int verbosity() {
        return settings.verbosity();
    }

    /** The transport asked for. */
    public Transport transport() {
        return settings.transport();
    }

    /** The options to start a server with, on sockets of its own; as {@link #serverOptions(List)}. */
    public ServerOptions serverOptions() throws UsageException {
        return serverOptions(List.of());
    }

    /**
     * The options to start a server with. Looks up the names in {@code -l}; a name with several addresses is listened
     * on at each of them.
     *
     * @param given sockets that listen already; they are the listeners if the command line names none
     * @throws UsageException if a name has no address
     */
    public ServerOptions serverOptions(List<GivenSocket> given) throws UsageException {
        ServerOptions.Builder builder = ServerOptions.builder()
                .transport(settings.transport())
                .workers(settings.workers())
                .maxConnections(settings.maxConnections())
                .storeBytes(settings.storeBytes())
                .itemSizeLimitBytes(settings.itemSizeLimitBytes())
                .allowShutdown(settings.allowShutdown())
                .allowFlushAll(settings.allowFlushAll())
                .allowWatch(settings.allowWatch())
                .watcherBufferBytes(settings.watcherBufferBytes())
                .unixSocketMask(settings.unixSocketMask())
                .verbosity(settings.verbosity())
                .clientTimes(settings.clientTimes())
                .drainDelay(settings.drainDelay())
                .drainTimeout(settings.drainTimeout())
                .lua(settings.lua());
        settings.configuration().ifPresent(builder::configuration);
        settings.tls().ifPresent(builder::tls);
        settings.passwords().ifPresent(builder::passwords);
        // memcached's own default of 20 bounds batches, not what is under way. A start script that names it must not
        // make multi-key gets wait for one another here.
        settings.requestsInFlight()
                .ifPresent(
                        asked -> builder.requestsInFlight(Math.max(asked, ServerOptions.DEFAULT_REQUESTS_IN_FLIGHT)));
        listeners(given).forEach(builder::listener);
        builder.given(given);
        return builder.build();
    }

    private Set<ListenerSpec> listeners(List<GivenSocket> given) throws UsageException {
        Protocol usual = settings.configuration().isPresent() ? Protocol.PROXY : Protocol.ASCII;
        Set<ListenerSpec> listeners = new LinkedHashSet<>();
        if (!addressed && !given.isEmpty()) {
            for (GivenSocket socket : given) {
                boolean tls = settings.tls().isPresent() && socket.address() instanceof InetSocketAddress;
                listeners.add(new ListenerSpec(
                        "", usual, socket.address(), tls ? ListenerTls.USUAL : ListenerTls.NONE, false));
            }
            return listeners;
        }
        if (unixSocket.isPresent()) {
            listeners.add(new ListenerSpec(
                    "",
                    usual,
                    UnixDomainSocketAddress.of(unixSocket.get()),
                    ListenerTls.NONE,
                    settings.unixAnonymous()));
        }
        if (port.isEmpty()) {
            return listeners;
        }
        if (listen.isEmpty()) {
            listeners.add(new ListenerSpec(
                    "",
                    usual,
                    new InetSocketAddress(port.get()),
                    settings.tls().isPresent() ? ListenerTls.USUAL : ListenerTls.NONE,
                    false));
        }
        for (ListenAddress address : listen) {
            int itsPort = address.port().orElse(port.get());
            Protocol protocol = address.protocol().orElse(usual);
            for (InetSocketAddress socketAddress : lookUp(address.host(), itsPort)) {
                listeners.add(new ListenerSpec(
                        address.tag(), protocol, socketAddress, address.tls(), address.anonymous(), address.proxied()));
            }
        }
        return listeners;
    }

    private static List<InetSocketAddress> lookUp(String host, int port) throws UsageException {
        if (host.isEmpty()) {
            return List.of(new InetSocketAddress(port));
        }
        try {
            return List.of(InetAddress.getAllByName(host)).stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (UnknownHostException e) {
            throw new UsageException(
                    ExitStatus.OS_ERROR,
                    "failed to listen on one of interface(s) " + host + ": no address known for this name");
        }
    }
}
