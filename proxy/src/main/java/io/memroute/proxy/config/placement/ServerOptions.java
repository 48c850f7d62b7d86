package io.memroute.proxy.config.placement;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.netty.util.NetUtil;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the options of a backend that belong to the placement of keys in its pool, not to the server. */
public final class ServerOptions {

    public static final Set<String> NAMES = Set.of("name", "weight");

    /** The length that a label may have. */
    private static final int MAX_NAME_BYTES = 511;

    private ServerOptions() {}

    /** Reads a backend's table; empty if it is wrong, which has been noted. */
    public static Optional<ServerName> read(Section section, KeySelection selection, String host, int port) {
        Optional<Scheme> scheme = scheme(selection);
        boolean understood = true;
        Optional<String> name = section.text("name");
        if (section.has("name")) {
            Optional<String> problem = nameProblem(name, scheme);
            problem.ifPresent(text -> section.fail("name", text));
            understood = problem.isEmpty() && name.isPresent();
        }
        Optional<Double> weight = section.number("weight");
        if (section.has("weight")) {
            Optional<String> problem = weight.flatMap(number -> weightProblem(number, section.value("weight"), scheme));
            problem.ifPresent(text -> section.fail("weight", text));
            understood &= problem.isEmpty() && weight.isPresent();
        }
        return understood ? Optional.of(new ServerName(host, port, name, weight.orElse(1.0))) : Optional.empty();
    }

    /**
     * Returns the fault of a weight in a pool of the scheme; empty if there is none.
     *
     * @param given the weight as it was written
     */
    public static Optional<String> weightProblem(double weight, @Nullable Object given, Optional<Scheme> scheme) {
        if (scheme.isEmpty()) {
            return Optional.of("has no effect without the pool option placement");
        }
        if (!scheme.get().weights().any()) {
            return Optional.of("has no effect with placement = "
                    + LuaValues.quote(scheme.get().name()) + ", which has no weights");
        }
        return scheme.get().weights().allow(weight)
                ? Optional.empty()
                : Optional.of("expected " + scheme.get().weights().expected() + " with placement = "
                        + LuaValues.quote(scheme.get().name()) + ", got " + LuaValues.describe(given));
    }

    /** Returns the fault of a name in a pool of the scheme; empty if there is none. */
    public static Optional<String> nameProblem(Optional<String> name, Optional<Scheme> scheme) {
        if (scheme.isEmpty()) {
            return Optional.of("has no effect without the pool option placement; for statistics and logs give a label");
        }
        if (!scheme.get().named()) {
            return Optional.of("has no effect with placement = "
                    + LuaValues.quote(scheme.get().name()) + ", which goes by the order of backends");
        }
        return name.filter(text -> text.isEmpty() || text.getBytes(UTF_8).length > MAX_NAME_BYTES)
                .map(text -> "must be 1 to " + MAX_NAME_BYTES + " bytes long");
    }

    /** Why nobody knows where keys go, if clients hash an address that only they find out. */
    public static Optional<String> unresolved(ServerName server, KeySelection selection) {
        return scheme(selection)
                .filter(scheme -> scheme.resolving() && server.name().isEmpty())
                .filter(scheme ->
                        !NetUtil.isValidIpV4Address(server.host()) && !NetUtil.isValidIpV6Address(server.host()))
                .map(scheme -> "clients hash the address of " + LuaValues.quote(server.host())
                        + " too; give name = what they hash (docs/placement.md)");
    }

    /** The scheme of a selection; empty if it is memcached's. */
    public static Optional<Scheme> scheme(KeySelection selection) {
        return selection.distribution() instanceof Distribution.SchemeOf(Scheme scheme)
                ? Optional.of(scheme)
                : Optional.empty();
    }
}
