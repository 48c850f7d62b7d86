package io.memroute.proxy.discovery.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a Kubernetes service: listed once, then watched, so that a change is known when it happens. A watch
 * that ends is continued from where it was; where the server has forgotten that (410), the endpoints are listed again.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes">efficient
 *     detection of changes</a>
 */
final class KubernetesSource implements Source {

    private static final Pattern SERVICE =
            Pattern.compile("(?<service>[a-z0-9-]{1,63})\\.(?<namespace>[a-z0-9-]{1,63})(?::(?<port>[a-z0-9-]{1,63}))?"
                    + "(?:\\?zone=(?<zone>" + EndpointSlices.ZONE + "))?");

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    /** The server ends a watch then, which shows that it is alive. */
    private static final int WATCH_SECONDS = 120;

    /** A watch that has not ended by then has been lost on the way. */
    private static final Duration LOST = Duration.ofSeconds(WATCH_SECONDS + 30);

    /** Bounds the time of a part of a list, of some megabytes at most. */
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(30);

    /** The pause after a watch: one that ends at once, again and again, must not keep the API server busy. */
    private static final Duration BETWEEN_WATCHES = Duration.ofSeconds(1);

    /** Slices in one part of a list. */
    private static final int PAGE = 500;

    private static final int HTTP_OK = 200;
    private static final int HTTP_UNAUTHORIZED = 401;
    private static final int HTTP_FORBIDDEN = 403;
    private static final int HTTP_GONE = 410;

    private final KubernetesAccount account;
    private final String path;
    private final String selector;
    private final EndpointSlices slices;
    private final Duration listTimeout;
    /** The version to watch from; empty if the slices are to be listed. */
    private String version = "";

    private volatile @Nullable HttpClient client;
    /** The authorities that the client trusts; empty for those of the JVM. */
    private List<X509Certificate> trusted = List.of();

    private volatile @Nullable InputStream stream;
    private @Nullable JsonReader watch;
    private @Nullable ReadingTime watching;

    /** @throws SourceException if the text names no service */
    KubernetesSource(String where, KubernetesAccount account) throws SourceException {
        this(where, account, LIST_TIMEOUT);
    }

    /** @param listTimeout for each part of a list */
    KubernetesSource(String where, KubernetesAccount account, Duration listTimeout) throws SourceException {
        Matcher matcher = SERVICE.matcher(where);
        if (!matcher.matches()) {
            throw new SourceException("expected k8s+SERVICE.NAMESPACE[:PORT][?zone=ZONE]");
        }
        this.account = account;
        this.listTimeout = listTimeout;
        this.path = "/apis/discovery.k8s.io/v1/namespaces/" + matcher.group("namespace") + "/endpointslices";
        this.selector =
                "labelSelector=" + URLEncoder.encode("kubernetes.io/service-name=" + matcher.group("service"), UTF_8);
        this.slices = new EndpointSlices(
                Optional.ofNullable(matcher.group("port")), Optional.ofNullable(matcher.group("zone")));
    }

    @Override
    public Answer ask() throws SourceException, InterruptedException {
        Duration pause = Duration.ZERO;
        if (version.isEmpty()) {
            list();
        } else {
            pause = awaitEvent();
        }
        return new Answer(slices.servers(), pause);
    }

    // ---- the list ----

    private void list() throws SourceException, InterruptedException {
        endWatch();
        slices.clear();
        // A list that fails in the middle is not watched from where it was.
        version = "";
        String more = "";
        String listed;
        do {
            Map<?, ?> part = part(more);
            EndpointSlices.list(part, "items").forEach(slices::put);
            listed = EndpointSlices.version(part);
            more = EndpointSlices.field(part, "metadata").get("continue") instanceof String next ? next : "";
        } while (!more.isEmpty());
        if (listed.isEmpty()) {
            throw new SourceException("the list of endpoints has no version");
        }
        version = listed;
    }

    private Map<?, ?> part(String more) throws SourceException, InterruptedException {
        InputStream in = get("&limit=" + PAGE + (more.isEmpty() ? "" : "&continue=" + URLEncoder.encode(more, UTF_8)));
        try (ReadingTime time = new ReadingTime(in, listTimeout);
                JsonReader reader = new JsonReader(in)) {
            Map<?, ?> part = reader.next();
            if (part == null) {
                throw new SourceException("the list of endpoints is an empty text");
            }
            return part;
        }
    }

    // ---- the watch ----

    /**
     * Waits until the slices have changed, or it is certain that they have not.
     *
     * @return how long to wait before the next question
     */
    private Duration awaitEvent() throws SourceException, InterruptedException {
        try {
            JsonReader open = watch;
            if (open == null) {
                open = beginWatch();
                if (open == null) {
                    return BETWEEN_WATCHES;
                }
            }
            Map<?, ?> event = open.next();
            if (event == null) {
                endWatch();
            } else {
                take(event);
            }
            return watch == null ? BETWEEN_WATCHES : Duration.ZERO;
        } catch (SourceException e) {
            endWatch();
            throw e;
        }
    }

    /** Begins to watch, unless the server has forgotten the version, so that the slices are to be listed again. */
    private @Nullable JsonReader beginWatch() throws SourceException, InterruptedException {
        InputStream in = get("&watch=true&allowWatchBookmarks=true&timeoutSeconds=" + WATCH_SECONDS
                + "&resourceVersion=" + URLEncoder.encode(version, UTF_8));
        if (version.isEmpty()) {
            list();
            return null;
        }
        stream = in;
        watching = new ReadingTime(in, LOST);
        watch = new JsonReader(in);
        return watch;
    }

    private void take(Map<?, ?> event) throws SourceException, InterruptedException {
        Map<?, ?> object = EndpointSlices.field(event, "object");
        switch (String.valueOf(event.get("type"))) {
            case "ADDED", "MODIFIED" -> slices.put(object);
            case "DELETED" -> slices.remove(object);
            case "BOOKMARK" -> {
                // Nothing has changed up to its version.
            }
            case "ERROR" -> {
                if (object.get("code") instanceof Double code && code == HTTP_GONE) {
                    list();
                    return;
                }
                version = "";
                throw new SourceException(
                        "the watch ended with an error",
                        RetryAfter.of(EndpointSlices.field(object, "details").get("retryAfterSeconds")));
            }
            default -> throw new SourceException("the watch has an event of an unknown type");
        }
        String newer = EndpointSlices.version(object);
        version = newer.isEmpty() ? version : newer;
    }

    private void endWatch() {
        ReadingTime time = watching;
        if (time != null) {
            time.close();
        }
        InputStream in = stream;
        if (in != null) {
            ReadingTime.close(in);
        }
        watching = null;
        stream = null;
        watch = null;
    }

    // ---- HTTP ----

    /**
     * Returns a client that trusts the authorities of this moment; a new one only if they are others. A file of them
     * that is gone is an error: whom the JVM trusts is not asked instead, who would be given the token.
     */
    private HttpClient client() throws SourceException {
        List<X509Certificate> authorities = account.authorities();
        HttpClient known = client;
        if (known != null && authorities.equals(trusted)) {
            return known;
        }
        if (authorities.isEmpty() && !trusted.isEmpty()) {
            throw new SourceException("the certificate authority in " + account.authorityFile() + " is gone");
        }
        HttpClient made = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(account.trust(authorities))
                .build();
        client = made;
        trusted = authorities;
        if (known != null) {
            known.shutdownNow();
        }
        return made;
    }

    /** Returns the body; nothing is to be read of it, and no version is known any more, if that was gone. */
    private InputStream get(String query) throws SourceException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(account.api() + path + '?' + selector + query))
                .timeout(ANSWER_TIMEOUT)
                .header("Accept", "application/json");
        account.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            HttpResponse<InputStream> response = client().send(request.build(), BodyHandlers.ofInputStream());
            int status = response.statusCode();
            if (status == HTTP_OK) {
                return response.body();
            }
            ReadingTime.close(response.body());
            if (status == HTTP_GONE) {
                version = "";
                return InputStream.nullInputStream();
            }
            throw new SourceException(
                    "the Kubernetes API answered with HTTP status " + status
                            + (status == HTTP_FORBIDDEN
                                    ? ": the service account needs get, list and watch of endpointslices"
                                            + " (docs/discovery.md)"
                                    : status == HTTP_UNAUTHORIZED
                                            ? ": the token of the service account is not valid"
                                            : ""),
                    RetryAfter.of(response.headers(), Instant.now()));
        } catch (ConnectException e) {
            throw new SourceException("cannot connect to the Kubernetes API", e);
        } catch (IOException e) {
            throw new SourceException("the Kubernetes API did not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        InputStream in = stream;
        if (in != null) {
            ReadingTime.close(in);
        }
        HttpClient made = client;
        if (made != null) {
            made.shutdownNow();
        }
    }
}
