package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.memroute.app.options.AdminFiles;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.proxy.trust.AttemptLimit;
import io.memroute.proxy.trust.Passwords;
import io.memroute.proxy.trust.SecretFile;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS and the passwords of an admin listener, each of which it may have or not. Thread safe. */
public final class AdminGuard {

    /** An admin listener without TLS and passwords. */
    public static final AdminGuard NONE = new AdminGuard(Optional.empty(), Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** Probes tell nothing but whether the proxy serves, and those who probe have no passwords. */
    private static final Set<String> FOR_ALL = Set.of("/livez", "/-/healthy", "/readyz", "/-/ready");

    private static final String SCHEME = "Basic ";

    /** Enough to make guessing slow; short, since the answer takes one of the listener's few connections. */
    private static final long LONGEST_DELAY_MILLIS = 1000;

    private final Optional<ClientTls> tls;
    private final Optional<Passwords> passwords;
    private final AttemptLimit attempts = new AttemptLimit();

    private AdminGuard(Optional<ClientTls> tls, Optional<Passwords> passwords) {
        this.tls = tls;
        this.passwords = passwords;
    }

    /** @throws IOException naming the file that cannot be used */
    public static AdminGuard open(AdminFiles files) throws IOException {
        Optional<ClientTls> tls = files.certificate().isPresent()
                ? Optional.of(ClientTls.open(TlsSettings.of(
                        files.certificate().get().chain(),
                        files.certificate().get().key())))
                : Optional.empty();
        Optional<Passwords> passwords = files.passwords().isPresent()
                ? Optional.of(Passwords.open(files.passwords().get()))
                : Optional.empty();
        files.secrets().forEach(SecretFile::warnIfReadable);
        return new AdminGuard(tls, passwords);
    }

    /** Whether it keeps nobody out and nothing secret. */
    boolean isNone() {
        return tls.isEmpty() && passwords.isEmpty();
    }

    /** Adds TLS to a connection, if there is any. */
    void protect(Channel channel) {
        tls.ifPresent(shown -> channel.pipeline().addLast(shown.handler(ListenerTls.USUAL, channel.alloc())));
    }

    /**
     * Why a request is not answered; empty if it is. It may wait, for a hash too: one is computed at a time, and
     * addresses take turns. Interrupt it if nobody needs it any longer.
     *
     * @param authorization the header of that name; empty if there is none
     */
    Optional<AdminResponse> refusal(String path, String authorization, SocketAddress from) throws InterruptedException {
        Object address = from instanceof InetSocketAddress tcp ? tcp.getAddress() : "local";
        if (passwords.isEmpty() || FOR_ALL.contains(path) || isRight(passwords.get(), authorization, address)) {
            return Optional.empty();
        }
        if (!authorization.isEmpty() && address instanceof InetAddress known) {
            long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
            Thread.sleep(Math.min(attempts.failed(known, second), LONGEST_DELAY_MILLIS));
        }
        AdminResponse refusal = AdminResponse.text(
                HttpResponseStatus.UNAUTHORIZED,
                authorization.isEmpty()
                        ? "a user and a password are required here\n"
                        : "the user or the password is wrong\n");
        return Optional.of(new AdminResponse(
                refusal.status(),
                refusal.contentType(),
                refusal.body(),
                Map.of("WWW-Authenticate", "Basic realm=\"memroute\", charset=\"UTF-8\"")));
    }

    private static boolean isRight(Passwords users, String authorization, Object from) throws InterruptedException {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] pair;
        try {
            pair = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip().getBytes(ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return false;
        }
        int colon = 0;
        while (colon < pair.length && pair[colon] != ':') {
            colon++;
        }
        return colon < pair.length
                && isRight(users, Arrays.copyOf(pair, colon), Arrays.copyOfRange(pair, colon + 1, pair.length), from);
    }

    private static boolean isRight(Passwords users, byte[] user, byte[] password, Object from)
            throws InterruptedException {
        CompletableFuture<Boolean> later = users.verify(from, user, password);
        try {
            return later.get();
        } catch (ExecutionException e) {
            return false;
        } finally {
            later.cancel(false);
        }
    }

    /**
     * Reads the files again. What cannot be used stays as it was, and the log says why.
     *
     * @return what is wrong with the last one that is; empty if nothing is
     */
    public Optional<IOException> reload() {
        Optional<IOException> certificate = tls.flatMap(files -> reload("certificates", files::reload));
        Optional<IOException> users = passwords.flatMap(files -> reload("passwords", files::reload));
        return users.or(() -> certificate);
    }

    private static Optional<IOException> reload(String what, Reload files) {
        try {
            files.run();
            return Optional.empty();
        } catch (IOException e) {
            LOG.error("--admin: the {} stay unchanged: {}", what, e.getMessage());
            return Optional.of(new IOException("--admin: the " + what + " stay unchanged: " + e.getMessage(), e));
        }
    }

    /** A second reading of files. */
    @FunctionalInterface
    private interface Reload {

        void run() throws IOException;
    }
}
