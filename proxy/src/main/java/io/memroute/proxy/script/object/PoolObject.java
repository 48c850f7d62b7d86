package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.config.PoolOptions;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.placement.HashObjects;
import io.memroute.proxy.config.placement.HashObjects.DistributionName;
import io.memroute.proxy.config.placement.ServerOptions;
import io.memroute.proxy.config.reader.ProgramReview;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeyFilter;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.RingMode;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.scheme.Schemes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code mcp.pool}: the description of a pool. Workers get a {@link PoolProxy} for it.
 *
 * @see "docs/reference/proxy-api.md section 3.3"
 */
public final class PoolObject extends LuaUserdata implements CopiedValue.Shared {

    private final @Nullable PoolSpec spec;
    private final @Nullable KeyDistributor distributor;

    private PoolObject(LuaTable meta, @Nullable PoolSpec spec) {
        super(meta);
        this.spec = spec;
        this.distributor = spec == null ? null : spec.distributor();
    }

    /** The pool, if it has backends: else every request fails. */
    public @Nullable PoolSpec spec() {
        return spec;
    }

    /** Distributes the keys of the pool, if it has backends. Computed once for all workers. */
    public @Nullable KeyDistributor distributor() {
        return distributor;
    }

    /** Reads the arguments of {@code mcp.pool}. */
    public static final class Reader {
        private final LuaTable meta = new LuaTable().put("__name", LuaString.of("mcp.pool"));
        private final Tunables tunables;
        private final String file;
        private final ProgramReview review;
        private int made;

        /**
         * @param file to name as the pools' place
         * @param review is told of options that do not exist
         */
        public Reader(Tunables tunables, String file, ProgramReview review) {
            this.tunables = tunables;
            this.file = file;
            this.review = review;
        }

        public PoolObject read(LuaState L, Object list, Object options) {
            LuaTable members = Args.table(L, list, 1);
            List<BackendObject> backends = new ArrayList<>();
            long count = members.length();
            for (long i = 1; i <= count; i++) {
                BackendObject backend =
                        Args.userdata(L, L.index(members, i), 1, BackendObject.class, BackendObject.TYPE_NAME);
                if (backend.spec.tls().enabled() && !tunables.tlsInitialized()) {
                    throw new LuaError("TLS requested but not initialized: call mcp.init_tls()");
                }
                backends.add(backend);
            }
            PoolOptions read = options == null
                    ? new PoolOptions(KeySelection.DEFAULT, tunables.ioThread(), "")
                    : options(L, Args.table(L, options, 2));
            if (backends.isEmpty()) {
                return new PoolObject(meta, null);
            }
            made++;
            return new PoolObject(
                    meta,
                    new PoolSpec(
                            "pool" + made,
                            backends.stream().map(backend -> backend.spec).toList(),
                            servers(backends, read.selection()),
                            List.of(),
                            read,
                            new SourceLocation(file, 0)));
        }

        /** The backends as keys are distributed over them. */
        private static List<ServerName> servers(List<BackendObject> backends, KeySelection selection) {
            Optional<Scheme> scheme = ServerOptions.scheme(selection);
            List<ServerName> servers = new ArrayList<>();
            for (BackendObject backend : backends) {
                backend.name
                        .flatMap(name -> ServerOptions.nameProblem(Optional.of(name), scheme))
                        .ifPresent(problem -> {
                            throw new LuaError("backend \"" + backend.spec.label() + "\": name: " + problem);
                        });
                backend.weight
                        .flatMap(weight -> ServerOptions.weightProblem(weight, weight, scheme))
                        .ifPresent(problem -> {
                            throw new LuaError("backend \"" + backend.spec.label() + "\": weight: " + problem);
                        });
                servers.add(new ServerName(
                        backend.spec.host(), backend.spec.port(), backend.name, backend.weight.orElse(1.0)));
            }
            if (servers.stream().allMatch(server -> server.weight() == 0)) {
                throw new LuaError("all backends have the weight 0; at least one needs more");
            }
            return List.copyOf(servers);
        }

        private PoolOptions options(LuaState L, LuaTable options) {
            review.unknownKeys(L, "mcp.pool", options, ProgramReview.POOL_OPTIONS);
            Object ioThread = option(L, options, "iothread");
            LuaString prefix = Args.optString(L, option(L, options, "beprefix"), 2, LuaString.EMPTY);
            Object placement = option(L, options, "placement");
            return new PoolOptions(
                    placement == null
                            ? new KeySelection(
                                    hash(option(L, options, "hash")),
                                    seed(L, options),
                                    filter(L, options),
                                    distribution(L, options))
                            : foreign(L, options, Args.string(L, placement, 2).toString()),
                    ioThread == null ? tunables.ioThread() : Args.truth(ioThread),
                    prefix.toString());
        }

        private static Optional<String> seed(LuaState L, LuaTable options) {
            return Optional.ofNullable(option(L, options, "seed"))
                    .map(text -> Args.string(L, text, 2).toString());
        }

        private static KeySelection foreign(LuaState L, LuaTable options, String name) {
            Scheme scheme = Schemes.named(name)
                    .orElseThrow(() -> new LuaError(
                            "unknown placement \"" + name + "\"" + NearestName.hint(name, Schemes.names())));
            for (String key : List.of("dist", "omode", "obuckets", scheme.seeded() ? "" : "seed")) {
                if (option(L, options, key) != null) {
                    throw new LuaError(key + " has no effect with placement = \"" + name + "\"");
                }
            }
            Object hash = option(L, options, "hash");
            HashFunction function =
                    hash == null ? scheme.defaultHash() : scheme.hashes().get(hash.toString());
            if (function == null) {
                throw new LuaError("hash must be one of "
                        + String.join(", ", scheme.hashes().keySet()) + " with placement = \"" + name + "\"");
            }
            return new KeySelection(function, seed(L, options), filter(L, options), new Distribution.SchemeOf(scheme));
        }

        private static Object option(LuaState L, LuaTable options, String key) {
            return L.index(options, LuaString.of(key));
        }

        private static HashFunction hash(Object value) {
            if (value == null) {
                return HashFunction.XXH3;
            }
            return HashObjects.hash(value)
                    .orElseThrow(() -> new LuaError("hash must be mcp.hash_xxhash or mcp.dist_ring_hash.hash"));
        }

        private static Optional<KeyFilter> filter(LuaState L, LuaTable options) {
            Object filter = option(L, options, "filter");
            if (filter == null) {
                return Optional.empty();
            }
            String name = Args.string(L, filter, 2).toString();
            KeyFilter.Kind kind = switch (name) {
                case "stop" -> KeyFilter.Kind.STOP;
                case "tags" -> KeyFilter.Kind.TAGS;
                case "hash_tag" -> KeyFilter.Kind.HASH_TAG;
                case "strip" -> KeyFilter.Kind.STRIP;
                default -> throw new LuaError("unknown hash filter specified: " + name + "\n");
            };
            if (!(option(L, options, "filter_conf") instanceof LuaString conf)) {
                throw new LuaError("hash filter requires 'filter_conf' string");
            }
            boolean memcacheds = kind == KeyFilter.Kind.STOP || kind == KeyFilter.Kind.TAGS;
            if (memcacheds && (conf.length() < KeyFilter.MIN_CONF_BYTES || conf.length() > KeyFilter.MAX_CONF_BYTES)) {
                throw new LuaError("hash filter conf must be between 2 and 5 characters");
            }
            try {
                return Optional.of(new KeyFilter(kind, conf.toString()));
            } catch (IllegalArgumentException e) {
                throw new LuaError(e.getMessage());
            }
        }

        private static Distribution distribution(LuaState L, LuaTable options) {
            Object dist = option(L, options, "dist");
            if (dist == null) {
                return new Distribution.Jump();
            }
            if (!(dist instanceof LuaTable table) || table.get("new") == null) {
                throw new LuaError("key distribution object missing 'new' function");
            }
            DistributionName name = HashObjects.distribution(dist)
                    .orElseThrow(
                            () -> new LuaError("key distribution must be mcp.dist_jump_hash or mcp.dist_ring_hash"));
            if (name == DistributionName.JUMP) {
                return new Distribution.Jump();
            }
            LuaString mode = Args.optString(L, option(L, options, "omode"), 2, LuaString.of("default"));
            long points = Args.optInteger(
                    L, option(L, options, "obuckets"), 2, Distribution.RingOf.DEFAULT_POINTS_PER_SERVER);
            try {
                return new Distribution.RingOf(ringMode(mode.toString()), Math.clamp(points, 0, Integer.MAX_VALUE));
            } catch (IllegalArgumentException e) {
                throw new LuaError(e.getMessage());
            }
        }

        private static RingMode ringMode(String name) {
            for (RingMode mode : RingMode.values()) {
                if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return mode;
                }
            }
            throw new LuaError(
                    "omode must be \"default\", \"ketama\", \"twemproxy\" or \"evcache\", not \"" + name + "\"");
        }
    }
}
