package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * The answer to a request.
 *
 * @param status of HTTP
 * @param headers besides those that every answer has
 */
public record AdminResponse(int status, String contentType, byte[] body, Map<String, String> headers) {

    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String JSON = "application/json";

    public AdminResponse(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of());
    }

    /** @param text ends its own last line */
    public static AdminResponse text(HttpResponseStatus status, String text) {
        return new AdminResponse(status.code(), TEXT, text.getBytes(UTF_8));
    }

    /** @param text ends its own last line */
    public static AdminResponse json(String text) {
        return new AdminResponse(HttpResponseStatus.OK.code(), JSON, text.getBytes(UTF_8));
    }
}
