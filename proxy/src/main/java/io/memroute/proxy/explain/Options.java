package io.memroute.proxy.explain;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.LogOptions;
import io.memroute.proxy.config.PoolOptions;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.TlsOptions;
import io.memroute.proxy.config.placement.ShownSelection;
import io.memroute.proxy.handler.Words;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is in force, defaults included, under the names that a configuration uses. Durations are seconds unless the name
 * says otherwise.
 */
final class Options {

    /** In the place of a default that depends on the machine. */
    private enum Unset {
        DEFAULT;

        @Override
        public String toString() {
            return "default";
        }
    }

    private Options() {}

    static Map<String, Object> of(Settings settings) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("active_req_limit", settings.activeRequestLimit());
        options.put(
                "buffer_memory_limit",
                settings.bufferMemoryLimitBytes().isPresent()
                        ? settings.bufferMemoryLimitBytes().getAsLong() / 1024
                        : Unset.DEFAULT);
        options.put("allow_flush_all", settings.allowFlushAll());
        options.put("merge_gets", settings.mergeGets());
        options.put("miss_on_error", settings.missOnError());
        return options;
    }

    static Map<String, Object> of(PoolOptions pool) {
        Map<String, Object> options = new LinkedHashMap<>(ShownSelection.of(pool.selection()));
        if (pool.ioThread()) {
            options.put("iothread", true);
        }
        if (!pool.backendPrefix().isEmpty()) {
            options.put("beprefix", pool.backendPrefix());
        }
        return options;
    }

    static Map<String, Object> of(BackendSpec backend) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("connections", backend.connections());
        options.put("down", backend.down());
        options.put("tls", of(backend.tls()));
        options.put("tcpkeepalive", backend.tcpKeepalive());
        options.put("failurelimit", backend.failureLimit());
        options.put("depthlimit", backend.depthLimit());
        options.put("connecttimeout", backend.connectTimeout());
        options.put("readtimeout", backend.readTimeout());
        options.put("retrywaittime", backend.retryWait());
        options.put("flaptime", backend.flapTime());
        options.put("flapbackofframp", backend.flapBackoffRamp());
        options.put("flapbackoffmax", backend.flapBackoffMax());
        if (backend.log().enabled()) {
            options.put("log", of(backend.log()));
        }
        return options;
    }

    private static Object of(TlsOptions tls) {
        if (!tls.enabled() || tls.equals(TlsOptions.OFF.enabled(true))) {
            return tls.enabled();
        }
        Map<String, Object> options = new LinkedHashMap<>();
        if (!tls.ca().isEmpty()) {
            options.put("ca", tls.ca());
        }
        options.put("verify", tls.verify());
        if (!tls.name().isEmpty()) {
            options.put("name", tls.name());
        }
        return options;
    }

    private static Map<String, Object> of(LogOptions log) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("rate", log.rate());
        options.put("errors", log.errors());
        options.put("deadline", log.deadline().toMillis());
        options.put("tag", log.tag());
        return options;
    }

    /** A value for people: seconds without needless zeros, tables in braces, text in quotes. */
    static String shown(Object value) {
        return switch (value) {
            case Duration time -> Words.seconds(time);
            case String text -> '"' + text + '"';
            case Double number when number == Math.rint(number) -> Long.toString(number.longValue());
            case Map<?, ?> table -> {
                StringBuilder text = new StringBuilder("{");
                table.forEach((key, of) -> text.append(text.length() == 1 ? " " : ", ")
                        .append(key)
                        .append(" = ")
                        .append(shown(of)));
                yield text.append(" }").toString();
            }
            default -> value.toString();
        };
    }
}
