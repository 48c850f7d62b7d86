package io.memroute.proxy;

import io.memroute.protocol.Replies;
import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.tls.HandshakeThreads;
import io.memroute.proxy.tls.TlsFileException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files by which a server proves who it is. Read at its start; a failed reload leaves what there was. Thread safe.
 */
final class ServerTrust {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private static final byte[] NO_TLS = Replies.line("Error TLS not enabled");

    private final Optional<ClientTls> tls;

    private ServerTrust(Optional<ClientTls> tls) {
        this.tls = tls;
    }

    /** @throws TlsFileException naming the file that cannot be used */
    static ServerTrust open(ServerOptions options) throws TlsFileException {
        return new ServerTrust(
                options.tls().isPresent()
                        ? Optional.of(ClientTls.open(options.tls().get()))
                        : Optional.empty());
    }

    /** The TLS to clients; empty if no listener has it. */
    Optional<ClientTls> tls() {
        return tls;
    }

    /** Reads all files again, on a thread of its own. Every failure is logged, and the first is the outcome. */
    CompletableFuture<ReloadOutcome> reload() {
        return tls.isEmpty()
                ? CompletableFuture.completedFuture(ReloadOutcome.DONE)
                : CompletableFuture.supplyAsync(this::reloadAll, HandshakeThreads.executor());
    }

    private ReloadOutcome reloadAll() {
        try {
            reloadCertificates();
            return ReloadOutcome.DONE;
        } catch (TlsFileException e) {
            return new ReloadOutcome(Optional.of(new ConfigException(
                    List.of(new ConfigError(new SourceLocation("certificates", 0), e.getMessage())))));
        }
    }

    /** Answers {@code refresh_certs}, in memcached's words, on a thread of its own. */
    CompletableFuture<byte[]> refreshCertificates() {
        if (tls.isEmpty()) {
            return CompletableFuture.completedFuture(NO_TLS);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        reloadCertificates();
                        return Replies.OK;
                    } catch (TlsFileException e) {
                        return Replies.line(Shown.text(e.getMessage()));
                    }
                },
                HandshakeThreads.executor());
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
            LOG.error("the certificates stay as they were: {}", e.getMessage());
            throw e;
        }
    }
}
