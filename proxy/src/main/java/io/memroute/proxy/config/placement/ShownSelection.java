package io.memroute.proxy.config.placement;

import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The options of a selection as an operator is shown them, under the names that they have in a configuration. */
public final class ShownSelection {

    private ShownSelection() {}

    /** All that are in force. */
    public static Map<String, Object> of(KeySelection selection) {
        Map<String, Object> options = new LinkedHashMap<>();
        switch (selection.distribution()) {
            case Distribution.Jump() -> options.put("dist", "jump_hash");
            case Distribution.RingOf ring -> {
                options.put("dist", "ring_hash");
                options.put("omode", ring.mode().name().toLowerCase(Locale.ROOT));
                options.put("obuckets", ring.pointsPerServer());
            }
            case Distribution.SchemeOf(Scheme scheme) -> options.put("placement", scheme.name());
        }
        options.put("hash", nameOfHash(selection));
        selection.seed().ifPresent(seed -> options.put("seed", seed));
        selection.filter().ifPresent(filter -> {
            options.put("filter", filter.kind().name().toLowerCase(Locale.ROOT));
            options.put("filter_conf", filter.conf());
        });
        return options;
    }

    /** The placement options of a server itself. */
    public static Map<String, Object> of(ServerName server) {
        Map<String, Object> options = new LinkedHashMap<>();
        server.name().ifPresent(name -> options.put("name", name));
        if (server.weight() != 1) {
            options.put("weight", server.weight());
        }
        return options;
    }

    private static String nameOfHash(KeySelection selection) {
        return selection.distribution() instanceof Distribution.SchemeOf(Scheme scheme)
                ? scheme.nameOf(selection.hash())
                : selection.hash() == HashFunction.XXH3 ? "xxhash" : "md5";
    }
}
