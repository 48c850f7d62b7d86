package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.LogOptions;
import io.memroute.proxy.config.reader.LoginReader;
import io.memroute.proxy.config.reader.ProgramReview;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/**
 * {@code mcp.backend}: the description of a server, good for {@code mcp.pool} only.
 *
 * @see "docs/reference/proxy-api.md section 3.1"
 */
public final class BackendObject extends LuaUserdata {

    static final String TYPE_NAME = "mcp.backend";

    private static final int MAX_LABEL_BYTES = 511;
    private static final int MAX_HOST_BYTES = 254;
    private static final int MAX_PORT_BYTES = 5;

    final BackendSpec spec;
    /** Its name in the distribution of keys; empty unless given. */
    final Optional<String> name;
    /** Its weight there; empty unless given. */
    final Optional<Double> weight;

    private BackendObject(BackendSpec spec, Optional<String> name, Optional<Double> weight, LuaTable meta) {
        super(meta);
        this.spec = spec;
        this.name = name;
        this.weight = weight;
    }

    /** Reads the arguments of one call of {@code mcp.backend}: three of them, or a table. */
    public static final class Reader {
        private final LuaTable meta = new LuaTable().put("__name", LuaString.of(TYPE_NAME));
        private final Tunables tunables;
        private final ProgramReview review;

        /** @param review is told of options that do not exist */
        public Reader(Tunables tunables, ProgramReview review) {
            this.tunables = tunables;
            this.review = review;
        }

        public BackendObject read(LuaState L, Object[] args) {
            if (Args.at(args, 1) instanceof LuaTable table) {
                return read(L, table);
            }
            return new BackendObject(
                    begin(Args.string(L, args, 1), Args.string(L, args, 2), Args.string(L, args, 3))
                            .build(),
                    Optional.empty(),
                    Optional.empty(),
                    meta);
        }

        private BackendSpec.Builder begin(LuaString label, LuaString host, LuaString port) {
            if (label.length() > MAX_LABEL_BYTES) {
                throw new LuaError("backend label too long");
            }
            if (host.length() > MAX_HOST_BYTES) {
                throw new LuaError("backend name too long");
            }
            if (port.length() > MAX_PORT_BYTES) {
                throw new LuaError("backend port too long");
            }
            Long number = LuaNumber.parse(port) instanceof Long n ? n : null;
            if (number == null || number < 1 || number > 65535) {
                throw new LuaError(
                        "backend \"" + label + "\": port must be a number from 1 to 65535, not \"" + port + "\"");
            }
            return tunables.backend(host.toString(), number.intValue()).label(label.toString());
        }

        private BackendObject read(LuaState L, LuaTable table) {
            review.unknownKeys(L, "mcp.backend", table, ProgramReview.BACKEND_OPTIONS);
            BackendSpec.Builder spec = begin(
                    required(L, table, "label", "backend must have a label argument"),
                    required(L, table, "host", "backend must have a host argument"),
                    required(L, table, "port", "backend must have a port argument"));
            Object connections = L.index(table, LuaString.of("connections"));
            if (connections != null) {
                long count = Args.integer(L, connections, 1);
                if (count < 1) {
                    throw new LuaError("backend connections argument must be >= 0");
                }
                if (count > BackendSpec.MAX_CONNECTIONS) {
                    throw new LuaError("backend connections argument must be <= " + BackendSpec.MAX_CONNECTIONS);
                }
                spec.connections((int) count);
            }
            number(L, table, "connecttimeout", s -> spec.connectTimeout(Tunables.seconds(s)));
            number(L, table, "readtimeout", s -> spec.readTimeout(Tunables.seconds(s)));
            number(L, table, "retrywaittime", s -> spec.retryWait(Tunables.wholeSeconds(s)));
            number(L, table, "retrytimeout", s -> spec.retryWait(Tunables.wholeSeconds(s)));
            number(
                    L,
                    table,
                    "failurelimit",
                    n -> spec.failureLimit(Tunables.limit((long) n, "failurelimit must be >= 0")));
            number(L, table, "depthlimit", n -> spec.depthLimit(Tunables.limit((long) n, "depthlimit must be >= 0")));
            number(L, table, "flaptime", s -> spec.flapTime(Tunables.seconds(s)));
            number(L, table, "flapbackofframp", f -> spec.flapBackoffRamp(Tunables.ramp(f)));
            number(L, table, "flapbackoffmax", s -> spec.flapBackoffMax(Tunables.integralSeconds(s)));
            truth(L, table, "tcpkeepalive", spec::tcpKeepalive);
            if (L.index(table, LuaString.of("tls")) instanceof LuaTable options) {
                spec.tls(Tunables.tlsOptions(options, "backend tls option"));
            } else {
                truth(L, table, "tls", spec::tls);
            }
            login(L, table, spec);
            truth(L, table, "down", spec::down);
            Object log = L.index(table, LuaString.of("log"));
            if (log != null) {
                if (!(log instanceof LuaTable options)) {
                    throw new LuaError("backend log option must be a table");
                }
                spec.log(log(L, options));
            }
            Object name = L.index(table, LuaString.of("name"));
            Object weight = L.index(table, LuaString.of("weight"));
            return new BackendObject(
                    build(spec),
                    Optional.ofNullable(name)
                            .map(text -> Args.string(L, text, 1).toString()),
                    Optional.ofNullable(weight).map(number -> Args.number(L, number, 1)),
                    meta);
        }

        private static BackendSpec build(BackendSpec.Builder spec) {
            try {
                return spec.build();
            } catch (IllegalArgumentException e) {
                throw new LuaError("backend option " + e.getMessage());
            }
        }

        private static void login(LuaState L, LuaTable table, BackendSpec.Builder spec) {
            Object user = L.index(table, LuaString.of("user"));
            Object password = L.index(table, LuaString.of("password"));
            Object file = L.index(table, LuaString.of("password_file"));
            if (user != null) {
                spec.user(
                        user.equals(Boolean.FALSE)
                                ? ""
                                : Args.string(L, user, 1).toString());
            }
            if (password != null && file != null) {
                throw new LuaError("backend option password_file: is given along with password; give only one of them");
            }
            if (password != null) {
                spec.password(Args.string(L, password, 1).toString());
            }
            if (file != null) {
                String path = Args.string(L, file, 1).toString();
                try {
                    spec.password(LoginReader.passwordIn(path), path);
                } catch (IllegalArgumentException e) {
                    throw new LuaError("backend option password_file: " + e.getMessage());
                }
            }
        }

        private static LuaString required(LuaState L, LuaTable table, String key, String error) {
            Object value = L.index(table, LuaString.of(key));
            if (value == null) {
                throw new LuaError(error);
            }
            return Args.string(L, value, 1);
        }

        private static void number(LuaState L, LuaTable table, String key, DoubleConsumer to) {
            Object value = L.index(table, LuaString.of(key));
            if (value != null) {
                to.accept(Args.number(L, value, 1));
            }
        }

        private static void truth(LuaState L, LuaTable table, String key, Consumer<Boolean> to) {
            Object value = L.index(table, LuaString.of(key));
            if (value != null) {
                to.accept(Args.truth(value));
            }
        }

        private static LogOptions log(LuaState L, LuaTable options) {
            Object deadline = L.index(options, LuaString.of("deadline"));
            Object rate = L.index(options, LuaString.of("rate"));
            boolean errors = Args.truth(L.index(options, LuaString.of("errors")));
            Object tag = L.index(options, LuaString.of("tag"));
            int millis = Tunables.limit(Args.optInteger(L, deadline, 1, 0), "backend log deadline must be >= 0");
            int sample = Tunables.limit(Args.optInteger(L, rate, 1, 0), "backend log sample rate must be >= 0");
            boolean all = deadline == null && rate == null && !errors;
            return new LogOptions(
                    all ? 1 : sample,
                    errors,
                    Duration.ofMillis(millis),
                    tag == null ? "" : Args.string(L, tag, 1).toString());
        }
    }
}
