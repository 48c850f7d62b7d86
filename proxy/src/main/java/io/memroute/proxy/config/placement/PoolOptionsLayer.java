package io.memroute.proxy.config.placement;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.PoolOptions;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.placement.HashObjects.DistributionName;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyFilter;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.RingMode;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.scheme.Schemes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A layer of pool options: what {@code settings.pool_options} or a pool's {@code options} says. The layers are merged
 * key by key before they are understood, because a filter may stand in one and its {@code filter_conf} in the other.
 */
public final class PoolOptionsLayer {

    public static final Set<String> NAMES = Set.of(
            "iothread", "beprefix", "seed", "filter", "filter_conf", "dist", "hash", "omode", "obuckets", "placement");

    /** Options that place keys as memcached's proxy does. */
    private static final Set<String> WITHOUT_PLACEMENT = Set.of("dist", "omode", "obuckets");

    /** A value of the right type with the place where an error about it belongs. */
    private record Chosen(Object value, Section from) {}

    public static final PoolOptionsLayer NONE = new PoolOptionsLayer(Map.of(), Set.of());

    private final Map<String, Chosen> chosen;

    /** The options that were given, rightly or wrongly: a wrong one is not reported again as a missing one. */
    private final Set<String> given;

    private PoolOptionsLayer(Map<String, Chosen> chosen, Set<String> given) {
        this.chosen = chosen;
        this.given = given;
    }

    public static PoolOptionsLayer read(Section section) {
        section.allowOnly(NAMES);
        return of(section);
    }

    /** Reads a table that may have other keys, too. */
    public static PoolOptionsLayer of(Section section) {
        Map<String, Chosen> chosen = new HashMap<>();
        section.flag("iothread").ifPresent(flag -> chosen.put("iothread", new Chosen(flag, section)));
        for (String key : List.of("beprefix", "seed", "filter_conf")) {
            section.text(key).ifPresent(text -> chosen.put(key, new Chosen(text, section)));
        }
        oneOf(section, "filter", KeyFilter.Kind.values())
                .ifPresent(kind -> chosen.put("filter", new Chosen(kind, section)));
        oneOf(section, "omode", RingMode.values()).ifPresent(mode -> chosen.put("omode", new Chosen(mode, section)));
        section.integer("obuckets", 1, Distribution.RingOf.MAX_POINTS_PER_SERVER)
                .ifPresent(points -> chosen.put("obuckets", new Chosen(points, section)));
        if (section.has("dist")) {
            HashObjects.distribution(section.value("dist"))
                    .ifPresentOrElse(
                            name -> chosen.put("dist", new Chosen(name, section)),
                            () -> section.expected(
                                    "dist", "mcp.dist_jump_hash or mcp.dist_ring_hash", section.value("dist")));
        }
        if (section.has("placement")) {
            placement(section).ifPresent(scheme -> chosen.put("placement", new Chosen(scheme, section)));
        }
        if (section.value("hash") instanceof LuaString) {
            section.text("hash").ifPresent(name -> chosen.put("hash", new Chosen(name, section)));
        } else if (section.has("hash")) {
            HashObjects.hash(section.value("hash"))
                    .ifPresentOrElse(
                            function -> chosen.put("hash", new Chosen(function, section)),
                            () -> section.expected(
                                    "hash", "mcp.hash_xxhash or mcp.dist_ring_hash.hash", section.value("hash")));
        }
        return new PoolOptionsLayer(chosen, NAMES.stream().filter(section::has).collect(Collectors.toSet()));
    }

    private static Optional<Scheme> placement(Section section) {
        Optional<String> name = section.text("placement");
        Optional<Scheme> scheme = name.flatMap(Schemes::named);
        if (name.isPresent() && scheme.isEmpty()) {
            section.fail(
                    "placement",
                    "unknown placement " + LuaValues.quote(name.get()) + NearestName.hint(name.get(), Schemes.names()));
        }
        return scheme;
    }

    /** One of an enum's names in lower case. */
    private static <E extends Enum<E>> Optional<E> oneOf(Section section, String key, E[] values) {
        Optional<String> text = section.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        int index = names.indexOf(text.get());
        if (index >= 0) {
            return Optional.of(values[index]);
        }
        section.fail(
                key,
                "expected " + alternatives(names) + ", got " + LuaValues.quote(text.get())
                        + NearestName.hint(text.get(), names));
        return Optional.empty();
    }

    /** {@code "a", "b" or "c"}. */
    private static String alternatives(List<String> names) {
        List<String> quoted = names.stream().map(LuaValues::quote).toList();
        return quoted.size() == 1
                ? quoted.getFirst()
                : String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + quoted.getLast();
    }

    /** The options in force by name, defaults included but for those that change nothing. */
    public static Map<String, Object> shown(PoolOptions pool) {
        Map<String, Object> options = new LinkedHashMap<>(ShownSelection.of(pool.selection()));
        if (pool.ioThread()) {
            options.put("iothread", true);
        }
        if (!pool.backendPrefix().isEmpty()) {
            options.put("beprefix", pool.backendPrefix());
        }
        return options;
    }

    /**
     * This layer with another laid on it. One that says {@code placement} takes back what this says of memcached's
     * distributions, and the other way round.
     */
    public PoolOptionsLayer with(PoolOptionsLayer other) {
        Map<String, Chosen> both = new HashMap<>(chosen);
        Set<String> bothGiven = new HashSet<>(given);
        if (other.given.contains("placement")) {
            Set<String> takenBack = Set.of("dist", "omode", "obuckets", "hash", "seed");
            both.keySet().removeAll(takenBack);
            bothGiven.removeAll(takenBack);
        } else if (other.given.contains("dist")) {
            Set<String> takenBack = chosen.containsKey("placement") ? Set.of("placement", "hash", "seed") : Set.of();
            both.keySet().removeAll(takenBack);
            bothGiven.removeAll(takenBack);
        }
        both.putAll(other.chosen);
        bothGiven.addAll(other.given);
        return new PoolOptionsLayer(both, bothGiven);
    }

    private <T> Optional<T> get(String key, Class<T> type) {
        return Optional.ofNullable(chosen.get(key)).map(some -> type.cast(some.value()));
    }

    /** The section that has chosen an option. */
    private Section from(String key) {
        return Objects.requireNonNull(chosen.get(key), key).from();
    }

    private void fail(String key, String problem) {
        from(key).fail(key, problem);
    }

    /** Whether a scheme was given that does not exist, so that nobody knows which names and weights it has. */
    public boolean placementUnknown() {
        return given.contains("placement") && !chosen.containsKey("placement");
    }

    /**
     * Returns the options that all layers together mean; options that contradict each other or have no effect are
     * errors.
     */
    public PoolOptions complete(boolean ioThreadDefault) {
        return new PoolOptions(
                get("placement", Scheme.class).map(this::foreign).orElseGet(this::own),
                get("iothread", Boolean.class).orElse(ioThreadDefault),
                get("beprefix", String.class).orElse(""));
    }

    /** The selection by a scheme of another proxy or client. */
    private KeySelection foreign(Scheme scheme) {
        String with = " with placement = " + LuaValues.quote(scheme.name());
        for (String key : WITHOUT_PLACEMENT) {
            if (chosen.containsKey(key)) {
                fail(key, "has no effect" + with);
            }
        }
        if (chosen.containsKey("seed") && !scheme.seeded()) {
            fail("seed", "has no effect" + with + ", which takes no seed");
        }
        HashFunction hash = scheme.defaultHash();
        Chosen named = chosen.get("hash");
        if (named != null) {
            String name = named.value() instanceof String text ? text : "";
            if (scheme.hashes().containsKey(name)) {
                hash = scheme.hashes().get(name);
            } else {
                fail(
                        "hash",
                        "expected " + alternatives(List.copyOf(scheme.hashes().keySet())) + with + ", got "
                                + (name.isEmpty() ? "a hash of memcached's" : LuaValues.quote(name))
                                + NearestName.hint(name, scheme.hashes().keySet()));
            }
        }
        return new KeySelection(hash, get("seed", String.class), filter(), new Distribution.SchemeOf(scheme));
    }

    /** The selection as memcached's proxy has it. */
    private KeySelection own() {
        Chosen named = chosen.get("hash");
        if (named != null && named.value() instanceof String text) {
            if (!given.contains("placement")) {
                named.from().expected("hash", "mcp.hash_xxhash or mcp.dist_ring_hash.hash", LuaString.of(text));
            }
            return KeySelection.DEFAULT;
        }
        HashFunction hash = get("hash", HashFunction.class).orElse(HashFunction.XXH3);
        if (hash == HashFunction.MD5 && chosen.containsKey("seed")) {
            fail("seed", "has no effect with hash = mcp.dist_ring_hash.hash, which takes no seed");
        }
        RingMode mode = get("omode", RingMode.class).orElse(RingMode.DEFAULT);
        if (hash != HashFunction.MD5 && (mode == RingMode.KETAMA || mode == RingMode.EVCACHE)) {
            from("omode")
                    .warn(
                            Warning.Kind.DOUBTFUL_VALUE,
                            "omode",
                            "places servers as other clients do, but hashes keys differently; add hash ="
                                    + " mcp.dist_ring_hash.hash to find keys where those clients put them");
        }
        return new KeySelection(hash, get("seed", String.class), filter(), distribution());
    }

    private Optional<KeyFilter> filter() {
        Optional<KeyFilter.Kind> kind = get("filter", KeyFilter.Kind.class);
        Optional<String> conf = get("filter_conf", String.class);
        if (kind.isPresent() && !given.contains("filter_conf")) {
            fail(
                    "filter",
                    "needs filter_conf: for \"stop\" the text that ends the hashed part, for \"tags\" the two"
                            + " characters around it");
        } else if (conf.isPresent() && !given.contains("filter")) {
            fail("filter_conf", "has no effect without filter = \"stop\" or \"tags\"");
        } else if (kind.isPresent() && conf.isPresent()) {
            try {
                return Optional.of(new KeyFilter(kind.get(), conf.get()));
            } catch (IllegalArgumentException e) {
                failAs("filter_conf", e);
            }
        }
        return Optional.empty();
    }

    private Distribution distribution() {
        Optional<DistributionName> name = get("dist", DistributionName.class);
        if (!given.contains("dist")) {
            for (String key : List.of("omode", "obuckets")) {
                if (chosen.containsKey(key)) {
                    fail(key, "has no effect without dist = mcp.dist_ring_hash");
                }
            }
        }
        if (name.orElse(DistributionName.JUMP) == DistributionName.JUMP) {
            return new Distribution.Jump();
        }
        RingMode mode = get("omode", RingMode.class).orElse(RingMode.DEFAULT);
        int points = get("obuckets", Integer.class).orElse(Distribution.RingOf.DEFAULT_POINTS_PER_SERVER);
        try {
            return new Distribution.RingOf(mode, points);
        } catch (IllegalArgumentException e) {
            failAs("obuckets", e);
            return new Distribution.Jump();
        }
    }

    /** The exception's message begins with the key already. */
    private void failAs(String key, IllegalArgumentException e) {
        fail(key, String.valueOf(e.getMessage()).substring(key.length() + 1));
    }
}
