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
 */
public record AdminRequest(String path, Map<String, List<String>> parameters, String accept) {

    /** The values of a parameter, in their order; empty if it is not given. */
    public List<String> values(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /** The first value of a parameter. */
    public Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }
}
