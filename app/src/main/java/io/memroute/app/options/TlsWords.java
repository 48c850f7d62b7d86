package io.memroute.app.options;

import io.memroute.proxy.tls.TlsSettings;
import io.memroute.proxy.tls.TlsSettings.KeyFormat;
import io.memroute.proxy.tls.TlsSettings.Pair;
import io.memroute.proxy.tls.TlsSettings.Verify;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of {@code -o} about TLS: memcached's {@code ssl_*}, and memroute's {@code ssl_key_password_file},
 * {@code ssl_more_cert} and {@code ssl_handshake_timeout}. They act only with {@code -Z}, as in memcached.
 *
 * @see "memcached's doc/tls.txt"
 */
final class TlsWords {

    private Optional<Path> chain = Optional.empty();
    private Optional<Path> key = Optional.empty();
    private KeyFormat keyFormat = KeyFormat.PEM;
    private Optional<Path> keyPassword = Optional.empty();
    private final List<Pair> more = new ArrayList<>();
    private Verify verify = Verify.NONE;
    private Optional<Path> authorities = Optional.empty();
    private String ciphers = "";
    private boolean sessionCache;
    private boolean kernelTls;
    private int minimumVersion = TlsSettings.DEFAULT_MINIMUM_VERSION;
    private int writeBufferBytes = TlsSettings.DEFAULT_WRITE_BUFFER_BYTES;
    private Duration handshakeLimit = TlsSettings.DEFAULT_HANDSHAKE_LIMIT;

    /**
     * Takes a word that has passed memcached's checks.
     *
     * @param value what follows its {@code =}; empty for a word that stands alone
     * @return whether it is one of these
     * @throws UsageException if the value is not possible
     */
    boolean take(String word, String value) throws UsageException {
        switch (word) {
            case "ssl_chain_cert" -> chain = Optional.of(Path.of(value));
            case "ssl_key" -> key = Optional.of(Path.of(value));
            case "ssl_keyformat" ->
                keyFormat = switch (number(value)) {
                    case 1 -> KeyFormat.PEM;
                    case 2 -> KeyFormat.DER;
                    default -> throw refused(word + " " + value + ": expected 1 (PEM) or 2 (DER)");
                };
            case "ssl_key_password_file" -> keyPassword = Optional.of(Path.of(file(word, value)));
            case "ssl_more_cert" -> more.add(pair(file(word, value)));
            case "ssl_verify_mode" -> verify = Verify.values()[upTo(3, word, value)];
            case "ssl_ca_cert" -> authorities = Optional.of(Path.of(value));
            case "ssl_ciphers" -> ciphers = value;
            case "ssl_session_cache" -> sessionCache = true;
            case "ssl_kernel_tls" -> kernelTls = true;
            case "ssl_min_version" -> minimumVersion = upTo(3, word, value);
            case "ssl_wbuf_size" -> writeBufferBytes = (int) Math.min((long) number(value) << 10, Integer.MAX_VALUE);
            case "ssl_handshake_timeout" ->
                handshakeLimit = Duration.ofSeconds(CNumbers.strictLong(value, 1, 3600)
                        .orElseThrow(() -> refused("-o ssl_handshake_timeout: expected a number of seconds")));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether client certificates can be verified. */
    boolean hasAuthorities() {
        return authorities.isPresent();
    }

    /** One line for each word that does not do what it says. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (minimumVersion < 2) {
            warnings.add(
                    "-o ssl_min_version=" + minimumVersion + ": using TLS 1.2, the oldest version that Java supports");
        }
        if (kernelTls) {
            warnings.add("-o ssl_kernel_tls: TLS in the kernel is not supported");
        }
        return warnings;
    }

    /**
     * The settings of a server with {@code -Z}.
     *
     * @throws UsageException if something is missing
     */
    TlsSettings settings() throws UsageException {
        Path certificates = chain.orElseThrow(() -> new UsageException(
                ExitStatus.USAGE, "-Z needs a certificate and its key: -o ssl_chain_cert=FILE,ssl_key=FILE"));
        if (verify != Verify.NONE && authorities.isEmpty()) {
            throw new UsageException(
                    ExitStatus.USAGE,
                    "-o ssl_verify_mode=" + verify.number() + " needs ssl_ca_cert=FILE to verify clients");
        }
        return TlsSettings.builder(certificates, key.orElse(certificates))
                .keyFormat(keyFormat)
                .keyPassword(keyPassword)
                .more(more)
                .verify(verify)
                .authorities(authorities)
                .ciphers(ciphers)
                .sessionCache(sessionCache)
                .minimumVersion(minimumVersion)
                .writeBufferBytes(writeBufferBytes)
                .kernelTls(kernelTls)
                .handshakeLimit(handshakeLimit)
                .build();
    }

    /** A chain and its key, in one file or in two with a colon between their names. */
    static Pair pair(String value) {
        int colon = value.indexOf(':');
        return colon < 0
                ? new Pair(Path.of(value), Path.of(value))
                : new Pair(Path.of(value.substring(0, colon)), Path.of(value.substring(colon + 1)));
    }

    private static String file(String word, String value) throws UsageException {
        if (value.isEmpty()) {
            throw refused("Missing " + word + " argument");
        }
        return value;
    }

    private static int upTo(int most, String word, String value) throws UsageException {
        int number = number(value);
        if (number < 0 || number > most) {
            throw refused("Invalid " + word + ". Use help to see valid options.");
        }
        return number;
    }

    private static int number(String value) {
        return CNumbers.atoi(value);
    }

    private static UsageException refused(String message) {
        return new UsageException(ExitStatus.FAILURE, message);
    }
}
