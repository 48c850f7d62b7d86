package io.memroute.proxy;

import io.memroute.protocol.Replies;
import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.tls.HandshakeThreads;
import io.memroute.proxy.tls.TlsFileException;
import io.memroute.proxy.trust.Passwords;
import io.memroute.proxy.trust.SecretFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files by which a server proves who it is. Read at its start; a failed reload leaves what there was. Thread safe.
 */
final class ServerTrust {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private static final byte[] NO_TLS = Replies.line("Error TLS not enabled");

    private final Optional<ClientTls> tls;

    private final Optional<Passwords> passwords;

    /** The answer to {@code refresh_certs} that has yet to begin, if there is one. */
    private final AtomicReference<@Nullable CompletableFuture<byte[]>> nextRefresh = new AtomicReference<>();

    private ServerTrust(Optional<ClientTls> tls, Optional<Passwords> passwords) {
        this.tls = tls;
        this.passwords = passwords;
    }

    /** @throws IOException naming the file that cannot be used */
    static ServerTrust open(ServerOptions options) throws IOException {
        Optional<Passwords> passwords = options.passwords().isPresent()
                ? Optional.of(Passwords.open(options.passwords().get()))
                : Optional.empty();
        Optional<ClientTls> tls = options.tls().isPresent()
                ? Optional.of(ClientTls.open(options.tls().get()))
                : Optional.empty();
        passwords.ifPresent(users -> SecretFile.warnIfReadable(users.file()));
        options.tls().ifPresent(settings -> settings.secrets().forEach(SecretFile::warnIfReadable));
        return new ServerTrust(tls, passwords);
    }

    /** Returns the passwords with which clients log in; empty if they need not. */
    Optional<Passwords> passwords() {
        return passwords;
    }

    /** The TLS to clients; empty if no listener has it. */
    Optional<ClientTls> tls() {
        return tls;
    }

    /** Reads all files again, on a thread of its own. Every failure is logged, and the first is the outcome. */
    CompletableFuture<ReloadOutcome> reload() {
        return tls.isEmpty() && passwords.isEmpty()
                ? CompletableFuture.completedFuture(ReloadOutcome.DONE)
                : CompletableFuture.supplyAsync(this::reloadAll, HandshakeThreads.executor());
    }

    private ReloadOutcome reloadAll() {
        List<ConfigError> errors = new ArrayList<>();
        try {
            reloadPasswords();
        } catch (IOException e) {
            errors.add(new ConfigError(new SourceLocation("passwords", 0), String.valueOf(e.getMessage())));
        }
        try {
            reloadCertificates();
        } catch (TlsFileException e) {
            errors.add(new ConfigError(new SourceLocation("certificates", 0), String.valueOf(e.getMessage())));
        }
        return errors.isEmpty() ? ReloadOutcome.DONE : new ReloadOutcome(Optional.of(new ConfigException(errors)));
    }

    /** @throws IOException if the file cannot be used; the log has it too */
    private void reloadPasswords() throws IOException {
        if (passwords.isEmpty()) {
            return;
        }
        try {
            passwords.get().reload();
            LOG.info("passwords reloaded: {} users", passwords.get().size());
        } catch (IOException e) {
            LOG.error("cannot reload the passwords, the previous ones stay in use: {}", e.getMessage());
            throw e;
        }
    }

    /**
     * Answers {@code refresh_certs}, in memcached's words, on a thread of its own. All who ask before it begins share
     * one reading of the files: however many commands a client sends, they keep no handshake waiting.
     */
    CompletableFuture<byte[]> refreshCertificates() {
        if (tls.isEmpty()) {
            return CompletableFuture.completedFuture(NO_TLS);
        }
        CompletableFuture<byte[]> own = new CompletableFuture<>();
        CompletableFuture<byte[]> waiting = nextRefresh.compareAndExchange(null, own);
        return waiting != null ? waiting : own.completeAsync(this::refresh, HandshakeThreads.executor());
    }

    private byte[] refresh() {
        nextRefresh.set(null);
        try {
            reloadCertificates();
            return Replies.OK;
        } catch (TlsFileException e) {
            return Replies.line(Shown.text(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Reads the certificates to clients again; blocks meanwhile.
     *
     * @throws TlsFileException if one cannot be used; the log has it too
     */
    private synchronized void reloadCertificates() throws TlsFileException {
        if (tls.isEmpty()) {
            return;
        }
        try {
            tls.get().reload();
            LOG.info("certificates reloaded");
        } catch (TlsFileException e) {
            LOG.error("cannot reload the certificates, the previous ones stay in use: {}", e.getMessage());
            throw e;
        }
    }
}
