package io.memroute.app.options;

import io.memroute.app.options.ServerArguments.Action;
import io.memroute.app.options.ServerArguments.Settings;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers options one by one, with memcached's checks and texts at the point where memcached makes them, and its checks
 * of the whole at the end ({@link #finish()}).
 */
final class ServerArgumentsReader implements GetOpt.Visitor {

    private static final int DEFAULT_PORT = 11211;
    private static final int ITEM_SIZE_LOWER_LIMIT = 1024;
    private static final int ITEM_SIZE_UPPER_LIMIT = 1 << 30;

    private final boolean takesFile;
    private final List<String> warnings = new ArrayList<>();
    private final StringBuilder listen = new StringBuilder();
    private Optional<String> file = Optional.empty();
    private Action action = Action.SERVE;
    private Optional<Integer> port = Optional.empty();
    private int udpPort;
    private Optional<Path> unixSocket = Optional.empty();
    private int unixMask = 0700;
    private int workers = 4;
    private int maxConnections = 1024;
    private Optional<Integer> requestsInFlight = Optional.empty();
    private long storeBytes = defaultStoreBytes();
    private long itemSizeLimitBytes = 1 << 20;
    private boolean allowShutdown;
    private boolean allowFlushAll = true;
    private boolean allowWatch = true;
    private LuaBounds lua = LuaBounds.defaults();
    private int watcherBufferBytes = ServerOptions.DEFAULT_WATCHER_BUFFER_BYTES;
    private int idleTimeoutSeconds = ClientTimes.DEFAULTS.idleSeconds();
    private Duration drainDelay = Duration.ZERO;
    private Duration drainTimeout = ServerOptions.DEFAULT_DRAIN_TIMEOUT;
    private int requestTimeoutSeconds = ClientTimes.DEFAULTS.requestSeconds();
    private Transport transport = Transport.AUTO;
    private Optional<SocketAddress> admin = Optional.empty();
    private Optional<TlsSettings.Pair> adminCertificate = Optional.empty();
    private Optional<Path> adminPasswords = Optional.empty();
    private boolean adminOpen;
    private Optional<Long> takeOver = Optional.empty();
    private boolean watch;
    private boolean daemon;
    private Optional<Path> pidFile = Optional.empty();
    private Optional<String> user = Optional.empty();
    private int verbosity;
    private List<String> proxyFiles = List.of();
    private Optional<String> proxyArgument = Optional.empty();
    private boolean protocolGiven;
    private Optional<Path> passwords = Optional.empty();
    private boolean unixAnonymous;
    private boolean encrypted;
    private final TlsWords tlsWords = new TlsWords();

    /** @param takesFile whether the one operand is a configuration for the route library, as after {@code run} */
    ServerArgumentsReader(boolean takesFile) {
        this.takesFile = takesFile;
    }

    @Override
    public boolean operand(String word) throws UsageException {
        if (takesFile && file.isEmpty()) {
            file = Optional.of(word);
            return true;
        }
        // memcached ignores these without a word, and with them what was meant, such as half of "-o a, b".
        throw new UsageException(ExitStatus.USAGE, "unexpected argument \"" + word + "\"");
    }

    @Override
    public boolean option(ServerOption option, String argument) throws UsageException {
        switch (option) {
            case PORT -> port = Optional.of(port(argument));
            case LISTEN -> listen.append(argument).append(',');
            case UNIX_SOCKET -> unixSocket(argument);
            case UNIX_MASK -> unixMask = octal(argument);
            case THREADS -> threads(argument);
            case CONN_LIMIT -> maxConnections = atLeastOne(argument, "Maximum connections");
            case MAX_REQS_PER_EVENT ->
                requestsInFlight = Optional.of(atLeastOne(argument, "Number of requests per event"));
            case MEMORY_LIMIT -> storeBytes = (long) CNumbers.atoi(argument) << 20;
            case MAX_ITEM_SIZE -> itemSizeLimitBytes = size(argument);
            case ENABLE_SHUTDOWN -> allowShutdown = true;
            case TRANSPORT -> transport = transport(argument);
            case REQUEST_TIMEOUT -> requestTimeoutSeconds = seconds(option, argument, "or 0 for no limit");
            case DRAIN_DELAY -> drainDelay = Duration.ofSeconds(seconds(option, argument, "or 0 for none"));
            case DRAIN_TIMEOUT -> drainTimeout = Duration.ofSeconds(seconds(option, argument, "or 0 for not at all"));
            case TAKE_OVER -> takeOver = Optional.of(process(argument));
            case WATCH -> watch = true;
            case ADMIN -> admin = Optional.of(admin(argument));
            case ADMIN_CERT -> adminCertificate = Optional.of(TlsWords.pair(argument));
            case ADMIN_PASSWORDS -> adminPasswords = Optional.of(Path.of(argument));
            case ADMIN_OPEN -> adminOpen = true;
            case USER -> user = Optional.of(argument).filter(name -> !name.isEmpty());
            case DAEMON -> daemon = true;
            case PIDFILE -> pidFile = Optional.of(Path.of(argument));
            case VERBOSE -> verbosity++;
            case EXTENDED -> extended(argument);
            case HELP -> action = Action.HELP;
            case LICENSE -> action = Action.LICENSE;
            case VERSION -> action = Action.VERSION;
            case PROTOCOL -> protocol(argument);
            case UDP_PORT -> udpPort = CNumbers.atoi(argument);
            case SLAB_GROWTH_FACTOR -> refuseIf(CNumbers.atof(argument) <= 1.0, "Factor must be greater than 1");
            case SLAB_MIN_SIZE -> atLeastOne(argument, "Chunk size");
            case PREFIX_DELIMITER -> refuseIf(argument.isEmpty(), "No delimiter specified");
            case DISABLE_EVICTIONS -> warnings.add("-M: the embedded store always evicts when it is full");
            case LOCK_MEMORY -> warnings.add("-k: memory is not locked");
            case ENABLE_COREDUMPS, ENABLE_LARGEPAGES, DISABLE_CAS, LISTEN_BACKLOG, DISABLE_DUMPING -> {}
            case DISABLE_FLUSH_ALL -> allowFlushAll = false;
            case DISABLE_WATCH -> allowWatch = false;
            case ENABLE_SSL -> encrypted = true;
            case ENABLE_SASL ->
                throw new UsageException(ExitStatus.USAGE, "This server is not built with SASL support.");
            case AUTH_FILE -> passwords = Optional.of(Path.of(argument));
            case MEMORY_FILE ->
                throw new UsageException(
                        ExitStatus.USAGE,
                        "-e " + argument
                                + ": the embedded store lives in memory only and cannot be restarted from a file");
            case NAPI_IDS -> throw new UsageException(ExitStatus.FAILURE, "-N <num_napi_ids> option not supported");
        }
        return action == Action.SERVE;
    }

    /**
     * Checks what only the whole command line shows.
     *
     * @throws UsageException with memcached's text where it has one
     */
    ServerArguments finish() throws UsageException {
        if (takesFile && action == Action.SERVE) {
            refuseUsageIf(file.isEmpty(), "run needs a configuration file: memroute run FILE [options]");
            refuseUsageIf(
                    !proxyFiles.isEmpty() || proxyArgument.isPresent(),
                    "run loads " + file.orElse("") + "; leave out -o proxy_config and proxy_arg, or leave out run");
            proxyFiles = List.of("routelib");
            proxyArgument = file;
        }
        boolean proxy = !proxyFiles.isEmpty();
        if (action == Action.SERVE) {
            checkWhole(proxy);
        }
        Settings settings = new Settings(
                proxy ? Optional.of(new ConfigSource(proxyFiles, proxyArgument)) : Optional.empty(),
                transport,
                workers,
                maxConnections,
                requestsInFlight,
                storeBytes,
                (int) itemSizeLimitBytes,
                allowShutdown,
                allowFlushAll,
                allowWatch,
                watcherBufferBytes,
                unixMask,
                verbosity,
                new ClientTimes(idleTimeoutSeconds, requestTimeoutSeconds),
                drainDelay,
                drainTimeout,
                lua,
                encrypted && action == Action.SERVE ? Optional.of(tlsWords.settings()) : Optional.empty(),
                passwords,
                unixAnonymous);
        List<ListenAddress> addresses =
                action == Action.SERVE ? ListenAddress.list(listen.toString(), proxy, encrypted) : List.of();
        refuseUsageIf(
                addresses.stream().anyMatch(address -> address.tls() == ListenerTls.MUTUAL)
                        && !tlsWords.hasAuthorities(),
                "mtls: listeners need -o ssl_ca_cert=FILE to verify clients");
        AdminFiles adminFiles = new AdminFiles(adminCertificate, adminPasswords);
        refuseUsageIf(
                admin.isEmpty() && !adminFiles.isEmpty(), "--admin-cert and --admin-passwords need --admin ADDRESS");
        refuseUsageIf(
                admin.isPresent() && reachable(admin.get()) && adminFiles.isEmpty() && !adminOpen,
                "--admin: other machines can reach this address;"
                        + " use --admin-cert, --admin-passwords or --admin-open");
        boolean addressed = port.isPresent() || !addresses.isEmpty() || unixSocket.isPresent();
        return new ServerArguments(
                action,
                addresses,
                tcpPort(),
                unixSocket,
                addressed,
                settings,
                admin,
                adminFiles,
                takeOver,
                watch,
                daemon,
                pidFile,
                user,
                warnings);
    }

    private void checkWhole(boolean proxy) throws UsageException {
        refuseIf(proxy && protocolGiven, "Cannot specify a protocol with proxy mode enabled");
        refuseUsageIf(
                passwords.isPresent() && udpPort != 0,
                "Cannot use UDP with ascii authentication enabled (-U 0 to disable)");
        refuseUsageIf(itemSizeLimitBytes < ITEM_SIZE_LOWER_LIMIT, "Item max size cannot be less than 1024 bytes.");
        refuseUsageIf(itemSizeLimitBytes > storeBytes / 2, "Cannot set item size limit higher than 1/2 of memory max.");
        refuseUsageIf(itemSizeLimitBytes > ITEM_SIZE_UPPER_LIMIT, "Cannot set item size limit higher than a gigabyte.");
        refuseUsageIf(unixSocket.isEmpty() && tcpPort().isEmpty(), "nothing to listen on: -p 0 and no -s");
        if (encrypted) {
            refuseUsageIf(tcpPort().isEmpty(), "ERROR: You cannot enable SSL without a TCP port.");
            warnings.addAll(tlsWords.warnings());
        }
        if (udpPort != 0) {
            warnings.add("-U " + udpPort + ": UDP is not supported");
        }
    }

    /**
     * memcached turns TCP off when {@code -s} is given, even if {@code -p} or {@code -l} asks for it; here an explicit
     * one counts. {@code -p -1} is any free port, {@code -p 0} no TCP.
     */
    private Optional<Integer> tcpPort() {
        if (port.isEmpty() && listen.isEmpty() && unixSocket.isPresent()) {
            return Optional.empty();
        }
        int number = port.orElse(DEFAULT_PORT);
        return number == 0 ? Optional.empty() : Optional.of(Math.max(number, 0));
    }

    private void unixSocket(String argument) {
        unixAnonymous = argument.startsWith(ListenAddress.ANONYMOUS);
        unixSocket =
                Optional.of(Path.of(unixAnonymous ? argument.substring(ListenAddress.ANONYMOUS.length()) : argument));
    }

    /**
     * Returns memcached's default; less where the heap is so small that the rest of it would be too short for the
     * collector.
     */
    private static long defaultStoreBytes() {
        return Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 3);
    }

    private static int port(String argument) throws UsageException {
        return (int) CNumbers.strictLong(argument, -1, 65535)
                .orElseThrow(
                        () -> new UsageException(ExitStatus.USAGE, "ERROR: Invalid port number " + argument + "."));
    }

    private void threads(String argument) throws UsageException {
        workers = atLeastOne(argument, "Number of threads");
        if (workers > 64) {
            warnings.add("-t " + workers + ": more workers than processors are slower, not faster");
        }
    }

    private void protocol(String argument) throws UsageException {
        protocolGiven = true;
        switch (argument) {
            case "auto", "ascii" -> {}
            case "binary" ->
                throw new UsageException(ExitStatus.USAGE, "-B binary: this server does not speak the binary protocol");
            default ->
                throw new UsageException(
                        ExitStatus.USAGE,
                        "Invalid value for binding protocol: " + argument
                                + "\n -- should be one of auto, binary, or ascii");
        }
    }

    /** {@code getsubopt}: words separated by commas, each with an optional value. */
    private void extended(String list) throws UsageException {
        for (String suboption : list.split(",")) {
            if (suboption.isEmpty()) {
                continue;
            }
            int equals = suboption.indexOf('=');
            String word = equals < 0 ? suboption : suboption.substring(0, equals);
            String given = equals < 0 ? null : suboption.substring(equals + 1);
            String value = given == null ? "" : given;
            switch (word) {
                case "proxy_config" -> {
                    refuseIf(value.isEmpty(), "Missing proxy_config file argument");
                    proxyFiles = List.of(value.split(":"));
                }
                case "proxy_arg" -> {
                    refuseIf(value.isEmpty(), "Missing proxy_arg argument");
                    proxyArgument = Optional.of(value);
                }
                case "idle_timeout" -> {
                    ExtendedWords.check(word, given);
                    idleTimeoutSeconds = CNumbers.atoi(value);
                }
                case "lua_load_time" -> lua = lua.withLoadTime(Duration.ofSeconds(positive(word, given, "seconds")));
                case "lua_load_memory" -> lua = lua.withLoadBytes(positive(word, given, "megabytes") << 20);
                case "lua_request_time" ->
                    lua = lua.withRequestTime(Duration.ofMillis(positive(word, given, "milliseconds")));
                case "lua_request_memory" -> lua = lua.withRequestBytes(positive(word, given, "megabytes") << 20);
                case "watcher_logbuf_size" -> {
                    ExtendedWords.check(word, given);
                    watcherBufferBytes = (int) Math.min(Long.parseLong(value.strip()) << 10, Integer.MAX_VALUE);
                }
                case "ssl_key_password_file", "ssl_more_cert", "ssl_handshake_timeout" -> tlsWords.take(word, value);
                default -> {
                    ExtendedWords.check(word, given);
                    ExtendedWords.warning(word).ifPresent(warnings::add);
                    tlsWords.take(word, value);
                }
            }
        }
    }

    private static int seconds(ServerOption option, String text, String zero) throws UsageException {
        return (int) CNumbers.strictLong(text, 0, Integer.MAX_VALUE)
                .orElseThrow(() -> new UsageException(
                        ExitStatus.USAGE,
                        "--" + option.longName().orElseThrow() + " " + text + ": expected a number of seconds, "
                                + zero));
    }

    private static long process(String text) throws UsageException {
        return CNumbers.strictLong(text, 1, Integer.MAX_VALUE)
                .orElseThrow(() -> new UsageException(
                        ExitStatus.USAGE, "--take-over " + text + ": expected the process id of a running memroute"));
    }

    private static long positive(String word, @Nullable String value, String unit) throws UsageException {
        return CNumbers.strictLong(value == null ? "" : value, 1, Integer.MAX_VALUE)
                .orElseThrow(() -> new UsageException(
                        ExitStatus.FAILURE,
                        "-o " + word + ": expected a number of " + unit + ", got " + (value == null ? "none" : value)));
    }

    /** Whether other machines may be able to connect. */
    private static boolean reachable(SocketAddress address) {
        return address instanceof InetSocketAddress tcp && !tcp.getAddress().isLoopbackAddress();
    }

    private static SocketAddress admin(String text) throws UsageException {
        try {
            return AdminAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(ExitStatus.USAGE, "--admin: " + e.getMessage());
        }
    }

    private static Transport transport(String name) throws UsageException {
        try {
            return Transport.named(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(ExitStatus.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static int octal(String text) throws UsageException {
        try {
            return Integer.parseUnsignedInt(text, 8) & 0777;
        } catch (NumberFormatException e) {
            throw new UsageException(ExitStatus.USAGE, "-a " + text + ": an access mask is octal, such as 700");
        }
    }

    /** A number of bytes, or of kilobytes or megabytes with a unit letter. */
    private static long size(String text) {
        long number = CNumbers.atoi(text);
        return switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
            case 'k', 'K' -> number << 10;
            case 'm', 'M' -> number << 20;
            default -> number;
        };
    }

    private static int atLeastOne(String text, String what) throws UsageException {
        int number = CNumbers.atoi(text);
        refuseIf(number <= 0, what + " must be greater than 0");
        return number;
    }

    private static void refuseIf(boolean wrong, String message) throws UsageException {
        if (wrong) {
            throw new UsageException(ExitStatus.FAILURE, message);
        }
    }

    private static void refuseUsageIf(boolean wrong, String message) throws UsageException {
        if (wrong) {
            throw new UsageException(ExitStatus.USAGE, message);
        }
    }
}
