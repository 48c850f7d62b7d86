package io.memroute.app.remote;

import io.memroute.app.admin.AdminClient;
import io.memroute.app.admin.AdminReply;
import io.memroute.app.admin.AdminTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

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

    /** A page of JSON as maps, lists, texts, numbers and flags. */
    public Map<String, Object> tree(String page) throws IOException {
        return JsonTree.object(text(page));
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
