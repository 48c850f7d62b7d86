package io.memroute.proxy.config;

import io.memroute.proxy.trust.Login;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One memcached server as a pool uses it, every option merged. Equal specs are one backend: pools share its connections
 * and it keeps them across reloads.
 *
 * @param label what errors, statistics and logs call it; {@code host:port} unless given
 * @param host a name or an address; IPv6 without brackets
 * @param connections connections of each worker, 1 to 8
 * @param down never connect, fail every request at once
 * @param login by which connections are let in before anything else is sent; empty if the server asks for none
 * @param failureLimit consecutive failures that are tolerated; one more marks the backend bad
 * @param depthLimit requests waiting on one connection beyond which more are refused; 0: no limit
 * @param connectTimeout for making a connection
 * @param readTimeout for any progress while replies are due
 * @param retryWait before a backend marked bad is tried again; whole seconds
 * @param flapTime a connection that served and was lost sooner than this after it was made counts as a flap; zero:
 *     never
 * @param flapBackoffRamp what {@code retryWait} is multiplied by for each flap after the one that marked the backend
 *     bad; at least 1.1
 * @param flapBackoffMax the longest wait that this leads to, unless {@code retryWait} is longer
 */
public record BackendSpec(
        String label,
        String host,
        int port,
        int connections,
        boolean down,
        TlsOptions tls,
        Optional<Login> login,
        boolean tcpKeepalive,
        int failureLimit,
        int depthLimit,
        Duration connectTimeout,
        Duration readTimeout,
        Duration retryWait,
        Duration flapTime,
        double flapBackoffRamp,
        Duration flapBackoffMax,
        LogOptions log) {

    public static final int DEFAULT_PORT = 11211;

    /** Memcached's limit; more connections per worker and backend have not been seen to help. */
    public static final int MAX_CONNECTIONS = 8;

    /** A smaller ramp hardly grows; memcached's floor. */
    public static final double MIN_FLAP_BACKOFF_RAMP = 1.1;

    /**
     * Bounds how often a server is connected to that takes connections and drops them: 5 times a second if each lasts
     * longer than this, else the pauses grow. Shorter than any usual read timeout, so that a slow server is not taken
     * for one that flaps.
     */
    public static final Duration DEFAULT_FLAP_TIME = Duration.ofMillis(200);

    /** Memcached's. */
    public static final double DEFAULT_FLAP_BACKOFF_RAMP = 1.5;

    /** The longest a server that has been mended is left alone. Memcached's hour suits only those who ask for it. */
    public static final Duration DEFAULT_FLAP_BACKOFF_MAX = Duration.ofMinutes(1);

    public BackendSpec {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(connectTimeout, "connectTimeout");
        Objects.requireNonNull(readTimeout, "readTimeout");
        Objects.requireNonNull(retryWait, "retryWait");
        Objects.requireNonNull(flapTime, "flapTime");
        Objects.requireNonNull(flapBackoffMax, "flapBackoffMax");
        Objects.requireNonNull(log, "log");
        if (port < 1
                || port > 65535
                || connections < 1
                || connections > MAX_CONNECTIONS
                || failureLimit < 0
                || depthLimit < 0
                || !(flapBackoffRamp >= MIN_FLAP_BACKOFF_RAMP)) {
            throw new IllegalArgumentException("backend \"" + label + "\": an option is out of range");
        }
    }

    /** A builder holding every default. */
    public static Builder builder(String host, int port) {
        return new Builder().host(host).port(port);
    }

    /** A server with every option at its default. */
    public static BackendSpec of(String host, int port) {
        return builder(host, port).build();
    }

    /** {@code host:port}, IPv6 addresses in brackets. */
    public String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Collects a backend's options, later calls overriding earlier ones, so that layers of options are applied from the
     * most general to the most particular. Starts with memcached's defaults, except for flapping.
     */
    public static final class Builder {

        @SuppressWarnings("NullAway.Init") // builder(..) sets it
        private String host;

        private @Nullable String label;
        private int port = DEFAULT_PORT;
        private int connections = 1;
        private boolean down;
        private TlsOptions tls = TlsOptions.OFF;
        /** Empty for none, whatever the password; missing if nothing was said about it. */
        private @Nullable String user;

        private byte @Nullable [] password;
        private Optional<String> passwordFile = Optional.empty();
        private boolean tcpKeepalive;
        private int failureLimit = 3;
        private int depthLimit;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration readTimeout = Duration.ofSeconds(3);
        private Duration retryWait = Duration.ofSeconds(3);
        private Duration flapTime = DEFAULT_FLAP_TIME;
        private double flapBackoffRamp = DEFAULT_FLAP_BACKOFF_RAMP;
        private Duration flapBackoffMax = DEFAULT_FLAP_BACKOFF_MAX;
        private LogOptions log = LogOptions.OFF;

        private Builder() {}

        public Builder label(@Nullable String label) {
            this.label = label;
            return this;
        }

        public Builder host(String host) {
            this.host = host;
            return this;
        }

        public Builder port(int port) {
            this.port = port;
            return this;
        }

        public Builder connections(int connections) {
            this.connections = connections;
            return this;
        }

        public Builder down(boolean down) {
            this.down = down;
            return this;
        }

        public Builder tls(TlsOptions tls) {
            this.tls = tls;
            return this;
        }

        /** Turns TLS on or off and leaves its options as they are. */
        public Builder tls(boolean on) {
            return tls(tls.enabled(on));
        }

        /** Sets the user to log in as; an empty one turns the login off. */
        public Builder user(String user) {
            this.user = user;
            return this;
        }

        /** Sets the password, in place of any other. */
        public Builder password(String password) {
            this.password = password.getBytes(StandardCharsets.UTF_8);
            this.passwordFile = Optional.empty();
            return this;
        }

        /** Sets the password as read from a file, in place of any other. */
        public Builder password(byte[] password, String file) {
            this.password = password;
            this.passwordFile = Optional.of(file);
            return this;
        }

        public Builder tcpKeepalive(boolean tcpKeepalive) {
            this.tcpKeepalive = tcpKeepalive;
            return this;
        }

        public Builder failureLimit(int failureLimit) {
            this.failureLimit = failureLimit;
            return this;
        }

        public Builder depthLimit(int depthLimit) {
            this.depthLimit = depthLimit;
            return this;
        }

        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        public Builder readTimeout(Duration readTimeout) {
            this.readTimeout = readTimeout;
            return this;
        }

        public Builder retryWait(Duration retryWait) {
            this.retryWait = retryWait;
            return this;
        }

        public Builder flapTime(Duration flapTime) {
            this.flapTime = flapTime;
            return this;
        }

        public Builder flapBackoffRamp(double flapBackoffRamp) {
            this.flapBackoffRamp = flapBackoffRamp;
            return this;
        }

        public Builder flapBackoffMax(Duration flapBackoffMax) {
            this.flapBackoffMax = flapBackoffMax;
            return this;
        }

        public Builder log(LogOptions log) {
            this.log = log;
            return this;
        }

        private Optional<Login> login() {
            if (user == null && password == null || user != null && user.isEmpty()) {
                return Optional.empty();
            }
            if (user == null) {
                throw new IllegalArgumentException("password: needs a user beside it");
            }
            if (password == null) {
                throw new IllegalArgumentException("user: needs a password or a password_file beside it");
            }
            return Optional.of(new Login(user, password, passwordFile));
        }

        /**
         * The spec; without a label it is {@code host:port} as memcached writes it, IPv6 without brackets.
         *
         * @throws IllegalArgumentException if user and password are not both there, or cannot be sent
         */
        public BackendSpec build() {
            return new BackendSpec(
                    label != null ? label : host + ":" + port,
                    host,
                    port,
                    connections,
                    down,
                    tls,
                    login(),
                    tcpKeepalive,
                    failureLimit,
                    depthLimit,
                    connectTimeout,
                    readTimeout,
                    retryWait,
                    flapTime,
                    flapBackoffRamp,
                    flapBackoffMax,
                    log);
        }
    }
}
