package io.memroute.proxy.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The TLS to clients as the command line asks for it. Files are named here and read by {@link ClientTls}.
 *
 * @param chain the server's certificate and its intermediates, PEM ({@code ssl_chain_cert})
 * @param key the private key ({@code ssl_key})
 * @param keyFormat the format of the key file ({@code ssl_keyformat})
 * @param keyPassword the file that holds the password of encrypted keys ({@code ssl_key_password_file})
 * @param more certificates for other names, shown to clients that ask for one of them ({@code ssl_more_cert})
 * @param verify what is asked of clients at listeners without a prefix ({@code ssl_verify_mode})
 * @param authorities the file of those that may vouch for clients, PEM ({@code ssl_ca_cert})
 * @param ciphers cipher suites of TLS 1.2 as given, names separated by colons; empty for the JVM's
 *     ({@code ssl_ciphers})
 * @param sessionCache whether clients may resume sessions ({@code ssl_session_cache})
 * @param minimumVersion 0 to 3 for TLS 1.0 to 1.3 ({@code ssl_min_version})
 * @param writeBufferBytes shown in statistics only ({@code ssl_wbuf_size})
 * @param kernelTls shown in statistics only ({@code ssl_kernel_tls})
 * @param handshakeLimit how long a handshake may take from the connection on ({@code ssl_handshake_timeout})
 */
public record TlsSettings(
        Path chain,
        Path key,
        KeyFormat keyFormat,
        Optional<Path> keyPassword,
        List<Pair> more,
        Verify verify,
        Optional<Path> authorities,
        String ciphers,
        boolean sessionCache,
        int minimumVersion,
        int writeBufferBytes,
        boolean kernelTls,
        Duration handshakeLimit) {

    /** Enough for a client far away on a busy machine; short beside the patience of an attacker. */
    public static final Duration DEFAULT_HANDSHAKE_LIMIT = Duration.ofSeconds(10);

    /** TLS 1.2, as in memcached. */
    public static final int DEFAULT_MINIMUM_VERSION = 2;

    /** memcached's default. */
    public static final int DEFAULT_WRITE_BUFFER_BYTES = 16 << 10;

    /** The format of a private key's file; the numbers are OpenSSL's. */
    public enum KeyFormat {
        PEM(1),
        DER(2);

        private final int number;

        KeyFormat(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /** The certificates asked of clients. */
    public enum Verify {
        NONE(0, 0),
        /** A certificate is asked for, verified if it is sent, and not required. */
        REQUEST(1, 1),
        REQUIRE(2, 3),
        /** As {@link #REQUIRE}, since no connection is negotiated twice. */
        REQUIRE_ONCE(3, 7);

        private final int number;
        private final int shown;

        Verify(int number, int shown) {
            this.number = number;
            this.shown = shown;
        }

        /** The number in {@code ssl_verify_mode}. */
        public int number() {
            return number;
        }

        /** The number in {@code stats settings}, which are OpenSSL's flags. */
        public int shown() {
            return shown;
        }
    }

    /** One more certificate with its key. */
    public record Pair(Path chain, Path key) {}

    public TlsSettings {
        Objects.requireNonNull(chain, "chain");
        Objects.requireNonNull(key, "key");
        more = List.copyOf(more);
    }

    /** All files that it names. */
    public Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>(secrets());
        files.add(chain);
        more.forEach(pair -> files.add(pair.chain()));
        authorities.ifPresent(files::add);
        return files;
    }

    /** Returns the files that hold a private key or a password. */
    public Set<Path> secrets() {
        Set<Path> files = new LinkedHashSet<>(List.of(key));
        more.forEach(pair -> files.add(pair.key()));
        keyPassword.ifPresent(files::add);
        return files;
    }

    /** The defaults with one certificate. */
    public static TlsSettings of(Path chain, Path key) {
        return builder(chain, key).build();
    }

    public static Builder builder(Path chain, Path key) {
        return new Builder(chain, key);
    }

    /** Starts with the defaults. */
    public static final class Builder {
        private final Path chain;
        private final Path key;
        private KeyFormat keyFormat = KeyFormat.PEM;
        private Optional<Path> keyPassword = Optional.empty();
        private List<Pair> more = List.of();
        private Verify verify = Verify.NONE;
        private Optional<Path> authorities = Optional.empty();
        private String ciphers = "";
        private boolean sessionCache;
        private int minimumVersion = DEFAULT_MINIMUM_VERSION;
        private int writeBufferBytes = DEFAULT_WRITE_BUFFER_BYTES;
        private boolean kernelTls;
        private Duration handshakeLimit = DEFAULT_HANDSHAKE_LIMIT;

        private Builder(Path chain, Path key) {
            this.chain = chain;
            this.key = key;
        }

        public Builder keyFormat(KeyFormat format) {
            keyFormat = format;
            return this;
        }

        public Builder keyPassword(Optional<Path> file) {
            keyPassword = file;
            return this;
        }

        public Builder more(List<Pair> certificates) {
            more = certificates;
            return this;
        }

        public Builder verify(Verify mode) {
            verify = mode;
            return this;
        }

        public Builder authorities(Optional<Path> file) {
            authorities = file;
            return this;
        }

        public Builder ciphers(String names) {
            ciphers = names;
            return this;
        }

        public Builder sessionCache(boolean kept) {
            sessionCache = kept;
            return this;
        }

        public Builder minimumVersion(int version) {
            minimumVersion = version;
            return this;
        }

        public Builder writeBufferBytes(int bytes) {
            writeBufferBytes = bytes;
            return this;
        }

        public Builder kernelTls(boolean asked) {
            kernelTls = asked;
            return this;
        }

        public Builder handshakeLimit(Duration limit) {
            handshakeLimit = limit;
            return this;
        }

        public TlsSettings build() {
            return new TlsSettings(
                    chain,
                    key,
                    keyFormat,
                    keyPassword,
                    more,
                    verify,
                    authorities,
                    ciphers,
                    sessionCache,
                    minimumVersion,
                    writeBufferBytes,
                    kernelTls,
                    handshakeLimit);
        }
    }
}
