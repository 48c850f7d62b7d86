package io.memroute.app.remote;

import io.memroute.app.admin.AdminClient;
import io.memroute.app.admin.AdminReply;
import io.memroute.app.admin.AdminTarget;
import io.memroute.proxy.text.JsonValues;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A proxy that runs with {@code --admin ADDRESS}, perhaps on another machine.
 *
 * @param name the address as it was given
 */
public record RemoteProxy(String name, AdminTarget target) {

    /** The default address of a proxy: the port that the documentation uses. */
    public static final String USUAL_ADDRESS = "9151";

    /** Much longer than any of these pages takes; a proxy that needs longer is itself the news. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final JsonFactory JSON = new JsonFactory();

    /** @throws IllegalArgumentException if it is no address, or the host has none */
    public static RemoteProxy at(String address) {
        return new RemoteProxy(address, AdminTarget.of(address));
    }

    /**
     * A page, read as the record that it was written from.
     *
     * @throws IOException if nobody, or somebody else, answers, or the page is not there
     */
    public <R extends Record> R read(String page, Class<R> type) throws IOException {
        try {
            return RecordReader.read(tree(page), type);
        } catch (IllegalArgumentException e) {
            throw new IOException(page + " is not what this version of memroute knows: " + e.getMessage(), e);
        }
    }

    /**
     * A page of JSON as maps, lists, texts, numbers and flags.
     *
     * @throws IOException if the page is not there, or is no JSON object
     */
    @SuppressWarnings("unchecked") // the names of an object are texts
    public Map<String, Object> tree(String page) throws IOException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text(page))) {
            if (JsonValues.next(parser) instanceof Map<?, ?> object) {
                return (Map<String, Object>) object;
            }
            throw new IOException("expected a JSON object");
        } catch (JacksonException e) {
            throw new IOException("expected JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A page as it is. */
    public String text(String page) throws IOException {
        AdminReply reply = AdminClient.get(target, page, LIMIT);
        if (!reply.answer()) {
            throw new IOException(page + ": " + reply.text().strip());
        }
        return reply.text();
    }
}
