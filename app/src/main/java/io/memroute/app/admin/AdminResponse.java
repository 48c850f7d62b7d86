package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The answer to a request.
 *
 * @param status of HTTP
 * @param headers besides those that every answer has
 * @param events what goes on after the head; empty for an answer that is all there
 */
public record AdminResponse(
        int status, String contentType, byte[] body, Map<String, String> headers, Optional<Events> events) {

    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String JSON = "application/json";

    /**
     * Events that follow the head of an answer.
     *
     * @param cost of {@code sender}; a high one is bounded as an answer is
     * @param sender begins to send, and ends the stream at once or later
     */
    public record Events(AdminPages.Cost cost, Consumer<EventStream> sender) {}

    public AdminResponse(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of());
    }

    public AdminResponse(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, Optional.empty());
    }

    /** @param text ends its own last line */
    public static AdminResponse text(HttpResponseStatus status, String text) {
        return new AdminResponse(status.code(), TEXT, text.getBytes(UTF_8));
    }

    /** @param text ends its own last line */
    public static AdminResponse json(String text) {
        return new AdminResponse(HttpResponseStatus.OK.code(), JSON, text.getBytes(UTF_8));
    }

    /** An answer that goes on. */
    public static AdminResponse events(AdminPages.Cost cost, Consumer<EventStream> sender) {
        return new AdminResponse(
                HttpResponseStatus.OK.code(),
                EventStream.CONTENT_TYPE,
                new byte[0],
                // Proxies on the way are not to collect events.
                Map.of("X-Accel-Buffering", "no"),
                Optional.of(new Events(cost, sender)));
    }
}
