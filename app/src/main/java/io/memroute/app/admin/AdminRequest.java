package io.memroute.app.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has passed the {@link RequestCheck}.
 *
 * @param path as sent, without the query
 * @param parameters of the query, decoded, each with its values in their order
 * @param accept the header of that name; empty if there is none
 * @param knownTag the header {@code If-None-Match}; empty if there is none
 * @param body as sent; empty unless the page takes one
 */
public record AdminRequest(
        String path, Map<String, List<String>> parameters, String accept, String knownTag, byte[] body) {

    /** A request without a body, by a client that has nothing. */
    public AdminRequest(String path, Map<String, List<String>> parameters, String accept) {
        this(path, parameters, accept, "", new byte[0]);
    }

    AdminRequest withBody(byte[] sent) {
        return new AdminRequest(path, parameters, accept, knownTag, sent);
    }

    /** The values of a parameter, in their order; empty if it is not given. */
    public List<String> values(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /** The first value of a parameter. */
    public Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }
}
