package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;

/** Prometheus' http_sd: a list of targets by HTTP, complete each time. */
final class HttpSource implements Source {

    private static final int HTTP_OK = 200;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Bounds the time of the whole answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient client;
    private final HttpRequest request;
    private final Duration refresh;
    private final Duration timeout;

    private HttpSource(HttpRequest request, Duration refresh, Duration timeout) {
        this.request = request;
        this.refresh = refresh;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /** @throws SourceException if the text is no address for HTTP */
    static HttpSource of(String address, Duration refresh) throws SourceException {
        return of(address, refresh, TIMEOUT);
    }

    /** @param timeout for the whole answer */
    static HttpSource of(String address, Duration refresh, Duration timeout) throws SourceException {
        try {
            return new HttpSource(
                    HttpRequest.newBuilder(URI.create(address))
                            .timeout(timeout)
                            .header("Accept", "application/json")
                            .header("X-Prometheus-Refresh-Interval-Seconds", String.valueOf(refresh.toSeconds()))
                            .build(),
                    refresh,
                    timeout);
        } catch (IllegalArgumentException e) {
            throw new SourceException("expected http+http://HOST/PATH or http+https://HOST/PATH", e);
        }
    }

    @Override
    public Answer ask() throws SourceException, InterruptedException {
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != HTTP_OK) {
                    throw new SourceException(
                            "answered with HTTP status " + response.statusCode(),
                            RetryAfter.of(response.headers(), Instant.now()));
                }
                return new Answer(TargetList.ofTargets(read(body)), refresh);
            }
        } catch (HttpTimeoutException | SocketTimeoutException e) {
            throw new SourceException("did not answer in time", e);
        } catch (ConnectException e) {
            throw new SourceException("cannot connect", e);
        } catch (IOException e) {
            throw new SourceException("did not answer: " + e.getMessage(), e);
        }
    }

    private byte[] read(InputStream body) throws IOException, SourceException {
        // The client's own limit ends with the head of the answer.
        try (ReadingTime time = new ReadingTime(body, timeout)) {
            try {
                byte[] bytes = body.readNBytes(TargetList.MAX_BYTES + 1);
                if (bytes.length > TargetList.MAX_BYTES) {
                    throw new SourceException("answered with more than " + (TargetList.MAX_BYTES >> 20) + " MiB");
                }
                return bytes;
            } catch (IOException e) {
                throw time.reason(e);
            }
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
