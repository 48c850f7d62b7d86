package io.memroute.app.options;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every option of memcached 1.6, and the few that memroute adds ({@link #TRANSPORT}, {@link #REQUEST_TIMEOUT},
 * {@link #DRAIN_TIMEOUT}, {@link #TAKE_OVER}, {@link #WATCH}, {@link #ADMIN}).
 *
 * <p>One table for what reads options, memcached's own syntax ({@link GetOpt}), and for the help. Letters and long
 * names are memcached's (its {@code main}, the tables {@code shortopts} and {@code longopts}).
 */
public enum ServerOption {
    PORT(
            'p',
            "port",
            Argument.REQUIRED,
            Effect.OBEYED,
            "<num>",
            "TCP port to listen on (default: 11211; 0: none; -1: any free one)"),
    LISTEN('l', "listen", Argument.REQUIRED, Effect.OBEYED, "<list>", """
            addresses to listen on (default: all), separated by comma; may be repeated
            one: [noauth:][proxyproto:][notls:|btls:|mtls:][proto[ascii|proxy]:][tag_NAME_:|NAME:]host[:port]
            host is a name, an IPv4 address, [IPv6] or *; with -Z, notls: is a listener without TLS,
            btls: one that asks for no client certificates, mtls: one that requires them;
            proxyproto: is one for load balancers that send the PROXY protocol's header"""),
    ENABLE_SSL(
            'Z',
            "enable-ssl",
            Argument.NONE,
            Effect.OBEYED,
            "",
            "TLS on all TCP listeners; needs -o ssl_chain_cert and ssl_key"),
    AUTH_FILE('Y', "auth-file", Argument.REQUIRED, Effect.OBEYED, "<file>", """
            clients have to log in: lines user:password, a password may be a bcrypt hash;
            noauth: before an element of -l, or before the path of -s, lets everyone in there"""),
    UNIX_SOCKET('s', "unix-socket", Argument.REQUIRED, Effect.OBEYED, "<file>", """
            UNIX socket to listen on; without -p or -l there is no TCP then"""),
    UNIX_MASK(
            'a',
            "unix-mask",
            Argument.REQUIRED,
            Effect.OBEYED,
            "<mask>",
            "access mask for the UNIX socket, in octal (default: 700)"),
    THREADS('t', "threads", Argument.REQUIRED, Effect.OBEYED, "<num>", "worker threads (default: 4)"),
    CONN_LIMIT(
            'c',
            "conn-limit",
            Argument.REQUIRED,
            Effect.OBEYED,
            "<num>",
            "simultaneous client connections (default: 1024)"),
    MAX_REQS_PER_EVENT('R', "max-reqs-per-event", Argument.REQUIRED, Effect.OBEYED, "<num>", """
            requests one client may have in flight before it has to wait (default: 1024, and never less)"""),
    MEMORY_LIMIT(
            'm',
            "memory-limit",
            Argument.REQUIRED,
            Effect.OBEYED,
            "<num>",
            "size of the embedded store in megabytes (default: 64, or a third of a smaller heap)"),
    MAX_ITEM_SIZE('I', "max-item-size", Argument.REQUIRED, Effect.OBEYED, "<size>", """
            largest item of the embedded store: bytes, or a number with k or m (default: 1m)"""),
    ENABLE_SHUTDOWN(
            'A',
            "enable-shutdown",
            Argument.NONE,
            Effect.OBEYED,
            "",
            "let clients stop the server with the shutdown command"),
    DISABLE_FLUSH_ALL('F', "disable-flush-all", Argument.NONE, Effect.OBEYED, "", "refuse to empty the embedded store"),
    DISABLE_WATCH(
            'W', "disable-watch", Argument.NONE, Effect.OBEYED, "", "refuse to let clients watch the log streams"),
    TRANSPORT(
            (char) 0,
            "transport",
            Argument.REQUIRED,
            Effect.OBEYED,
            "<name>",
            "auto (default), epoll, kqueue, nio or io_uring"),
    REQUEST_TIMEOUT((char) 0, "request-timeout", Argument.REQUIRED, Effect.OBEYED, "<seconds>", """
            how long a request may take to arrive after its first byte (default: 30; 0: no limit);
            each 16 kilobytes that have arrived add a second"""),
    DRAIN_DELAY((char) 0, "drain-delay", Argument.REQUIRED, Effect.OBEYED, "<seconds>", """
            how long a server that is asked to stop keeps serving, no longer ready, before it closes
            its listeners (default: 0)"""),
    DRAIN_TIMEOUT((char) 0, "drain-timeout", Argument.REQUIRED, Effect.OBEYED, "<seconds>", """
            how long requests under way may take to finish when the server stops (default: 5; 0: no time)"""),
    TAKE_OVER((char) 0, "take-over", Argument.REQUIRED, Effect.OBEYED, "<pid>", """
            replace this memroute: warm up, take over its listening sockets, let it exit"""),
    WATCH(
            (char) 0,
            "watch",
            Argument.NONE,
            Effect.OBEYED,
            "",
            "read configuration, certificates and passwords again when their files change"),
    ADMIN((char) 0, "admin", Argument.REQUIRED, Effect.OBEYED, "<address>", """
            serve health, metrics and the configuration over HTTP, read-only: on a port of 127.0.0.1,
            host:port, or the path of a UNIX socket (default: off)"""),
    ADMIN_CERT((char) 0, "admin-cert", Argument.REQUIRED, Effect.OBEYED, "<chain[:key]>", """
            serve --admin over HTTPS with this certificate and its key, PEM"""),
    ADMIN_PASSWORDS((char) 0, "admin-passwords", Argument.REQUIRED, Effect.OBEYED, "<file>", """
            require a user and a password for --admin: lines user:password, as in --auth-file"""),
    ADMIN_OPEN((char) 0, "admin-open", Argument.NONE, Effect.OBEYED, "", """
            let --admin listen where other machines can reach it, without TLS and passwords"""),
    USER('u', "user", Argument.REQUIRED, Effect.OBEYED, "<user>", "user to switch to when started as root"),
    DAEMON('d', "daemon", Argument.NONE, Effect.OBEYED, "", "run in the background; returns when the server listens"),
    PIDFILE(
            'P',
            "pidfile",
            Argument.REQUIRED,
            Effect.OBEYED,
            "<file>",
            "write the process id to this file; removed at the end"),
    VERBOSE('v', "verbose", Argument.OPTIONAL, Effect.OBEYED, "", "log more; -vv and -vvv still more"),

    EXTENDED('o', "extended", Argument.REQUIRED, Effect.OBEYED, "<list>", """
            comma separated list of extended options
               - proxy_config=LIST:   what to load, separated by ':'; routelib is the built-in route library
               - proxy_arg=FILE:      the configuration file for the route library
               - idle_timeout=SECONDS: close TCP clients that send nothing for this long (default: 0, never)
               - lua_load_time=NUM:   seconds that the Lua of a load may take (default: 10)
               - lua_load_memory=NUM: megabytes that it may allocate (default: a quarter of the heap)
               - lua_request_time=NUM: milliseconds that the Lua of a request may take without waiting (default: 2000)
               - lua_request_memory=NUM: megabytes that it may allocate (default: a sixteenth of the heap)
               - ssl_chain_cert=FILE, ssl_key=FILE: the certificates and the key of -Z, PEM
               - ssl_keyformat=NUM:   1: PEM (default), 2: DER
               - ssl_key_password_file=FILE: the password of a key that is encrypted
               - ssl_more_cert=CHAIN[:KEY]: one more certificate, for clients that ask for its name; may be repeated
               - ssl_verify_mode=NUM: client certificates: 0: none (default), 1: verified if sent, 2, 3: required
               - ssl_ca_cert=FILE:    authorities that verify client certificates, PEM
               - ssl_ciphers=LIST:    cipher suites of TLS 1.2
               - ssl_min_version=NUM: 2: TLS 1.2 (default), 3: TLS 1.3
               - ssl_session_cache:   let clients resume sessions
               - ssl_handshake_timeout=SECONDS: how long a handshake may take (default: 10)
               - watcher_logbuf_size=NUM: kilobytes of lines that may wait for a client that watches (default: 256)
            memcached's other words are accepted and checked, and do nothing here"""),
    HELP('h', "help", Argument.NONE, Effect.OBEYED, "", "print this help and exit"),
    LICENSE('i', "license", Argument.NONE, Effect.OBEYED, "", "print the licence and exit"),
    VERSION('V', "version", Argument.NONE, Effect.OBEYED, "", "print the version and exit"),
    PROTOCOL('B', "protocol", Argument.REQUIRED, Effect.OBEYED, "<name>", "ascii or auto; only without proxy_config"),
    UDP_PORT('U', "udp-port", Argument.REQUIRED, Effect.OBEYED, "<num>", "0; UDP is not supported"),

    DISABLE_EVICTIONS('M', "disable-evictions", Argument.NONE, Effect.IGNORED, "", ""),
    LOCK_MEMORY('k', "lock-memory", Argument.NONE, Effect.IGNORED, "", ""),
    ENABLE_COREDUMPS('r', "enable-coredumps", Argument.NONE, Effect.IGNORED, "", ""),
    SLAB_GROWTH_FACTOR('f', "slab-growth-factor", Argument.REQUIRED, Effect.IGNORED, "", ""),
    SLAB_MIN_SIZE('n', "slab-min-size", Argument.REQUIRED, Effect.IGNORED, "", ""),
    ENABLE_LARGEPAGES('L', "enable-largepages", Argument.NONE, Effect.IGNORED, "", ""),
    PREFIX_DELIMITER('D', null, Argument.REQUIRED, Effect.IGNORED, "", ""),
    DISABLE_CAS('C', "disable-cas", Argument.NONE, Effect.IGNORED, "", ""),
    LISTEN_BACKLOG('b', "listen-backlog", Argument.REQUIRED, Effect.IGNORED, "", ""),
    DISABLE_DUMPING('X', "disable-dumping", Argument.NONE, Effect.IGNORED, "", ""),

    ENABLE_SASL('S', "enable-sasl", Argument.NONE, Effect.REFUSED, "", ""),
    MEMORY_FILE('e', "memory-file", Argument.REQUIRED, Effect.REFUSED, "", ""),
    NAPI_IDS('N', "napi-ids", Argument.REQUIRED, Effect.REFUSED, "", "");

    /** Whether an option takes an argument, in the terms of {@code getopt_long}. */
    public enum Argument {
        NONE,
        REQUIRED,
        OPTIONAL
    }

    /** The effect of an option in memroute. */
    public enum Effect {
        /** Has its meaning. */
        OBEYED,
        /** Checked as memcached checks it, then without effect. */
        IGNORED,
        /** Asks for something that silence about would be dangerous (TLS, authentication, persistence). */
        REFUSED
    }

    private final char letter;
    private final @Nullable String longName;
    private final Argument argument;
    private final Effect effect;
    private final String placeholder;
    private final String help;

    ServerOption(
            char letter, @Nullable String longName, Argument argument, Effect effect, String placeholder, String help) {
        this.letter = letter;
        this.longName = longName;
        this.argument = argument;
        this.effect = effect;
        this.placeholder = placeholder;
        this.help = help;
    }

    /** The single letter, if it has one. */
    public Optional<Character> letter() {
        return letter == 0 ? Optional.empty() : Optional.of(letter);
    }

    /** The name after {@code --}, if it has one. */
    public Optional<String> longName() {
        return Optional.ofNullable(longName);
    }

    public Argument argument() {
        return argument;
    }

    public Effect effect() {
        return effect;
    }

    /** The placeholder of the argument in the help; may be empty. */
    public String placeholder() {
        return placeholder;
    }

    /** One or more lines for the help; empty for options that do nothing here. */
    public String help() {
        return help;
    }

    static Optional<ServerOption> withLetter(char wanted) {
        for (ServerOption option : values()) {
            if (option.letter == wanted && wanted != 0) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }
}
