package io.memroute.proxy.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@code test{}} block: what is to become of a command. Not part of what runs; {@code memroute test} runs it.
 *
 * @param name what it is called in reports
 * @param tag the listener's, {@code ""} for none
 * @param given what backends do, by the name of a pool or the address or label of a backend, which comes before its
 *     pools; those not named answer as a memcached that holds every key
 * @param when the command line, without its line end and value
 * @param backends the addresses or labels of the backends that get the request, in order; empty if not expected
 * @param pools the pools of those backends, in order; empty if not expected
 * @param reply what the client gets: {@code hit}, {@code miss}, or the reply without its last line end; empty if not
 *     expected
 * @param request the line that the backends get; empty if not expected
 */
public record RouteTest(
        String name,
        String tag,
        Map<String, Given> given,
        String when,
        Optional<List<String>> backends,
        Optional<List<String>> pools,
        Optional<String> reply,
        Optional<String> request,
        SourceLocation where) {

    /** The behaviour of a backend in a test. */
    public sealed interface Given {

        /** Answers as a memcached: one that holds every key, or none. */
        record Server(boolean hasKeys) implements Given {}

        /** Cannot be reached. */
        record Down() implements Given {}

        /** Takes requests and never answers. */
        record Silent() implements Given {}

        /** @param reply with all its line ends */
        record Says(String reply) implements Given {}
    }

    public RouteTest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tag, "tag");
        given = Map.copyOf(given);
        Objects.requireNonNull(when, "when");
        backends = backends.map(List::copyOf);
        pools = pools.map(List::copyOf);
        Objects.requireNonNull(where, "where");
    }
}
