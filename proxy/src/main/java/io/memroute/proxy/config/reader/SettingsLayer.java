package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.source.Section;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What {@code settings{}}, or the calls of {@code mcp} tunables, say: about the proxy as a whole, and as defaults for
 * every pool and backend.
 *
 * @param backends what settings such as {@code backend_read_timeout} say, below every other layer of backend options
 * @param backendOptions the table {@code backend_options}
 */
record SettingsLayer(
        Optional<Integer> activeRequestLimit,
        Optional<Integer> bufferMemoryLimitKib,
        Optional<Boolean> allowFlushAll,
        Optional<Boolean> mergeGets,
        Optional<Boolean> missOnError,
        Optional<Boolean> ioThread,
        PoolOptionsLayer poolOptions,
        BackendOptions backends,
        BackendOptions backendOptions) {

    static final SettingsLayer NONE = new SettingsLayer(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            PoolOptionsLayer.NONE,
            BackendOptions.NONE,
            BackendOptions.NONE);

    private static final String ACTIVE_LIMIT = "active_req_limit";
    /** Also a key of {@code routes{}}. */
    static final String MISS_ON_ERROR = "miss_on_error";

    private static final String ACTIVE_LIMIT_ALIAS = "active_request_limit";

    /** 64 GiB of buffers are more than a proxy has memory; a number of bytes is larger. */
    private static final int LARGEST_BUFFER_KIB = 64 << 20;

    /** Every name that {@code settings{}} takes. */
    static final Set<String> NAMES = names();

    private static Set<String> names() {
        Set<String> names = new HashSet<>(BackendOptions.settingNames());
        names.addAll(Set.of(
                ACTIVE_LIMIT,
                ACTIVE_LIMIT_ALIAS,
                "buffer_memory_limit",
                "allow_flush_all",
                "merge_gets",
                MISS_ON_ERROR,
                "backend_use_iothread",
                "pool_options",
                "backend_options"));
        return Set.copyOf(names);
    }

    static SettingsLayer read(Section section) {
        section.allowOnly(NAMES);
        if (section.has(ACTIVE_LIMIT) && section.has(ACTIVE_LIMIT_ALIAS)) {
            section.fail(ACTIVE_LIMIT_ALIAS, "is another name of " + ACTIVE_LIMIT + "; give only one of them");
        }
        Optional<Section> backendOptions = section.section("backend_options", "option");
        backendOptions.ifPresent(options -> options.allowOnly(BackendOptions.names()));
        return new SettingsLayer(
                section.integer(ACTIVE_LIMIT, 0, Integer.MAX_VALUE)
                        .or(() -> section.integer(ACTIVE_LIMIT_ALIAS, 0, Integer.MAX_VALUE)),
                bufferMemoryLimit(section),
                section.flag("allow_flush_all"),
                section.flag("merge_gets"),
                section.flag(MISS_ON_ERROR),
                section.flag("backend_use_iothread"),
                section.section("pool_options", "option")
                        .map(PoolOptionsLayer::read)
                        .orElse(PoolOptionsLayer.NONE),
                BackendOptions.readSettings(section),
                backendOptions.map(BackendOptions::read).orElse(BackendOptions.NONE));
    }

    private static Optional<Integer> bufferMemoryLimit(Section section) {
        String key = "buffer_memory_limit";
        Optional<Integer> kib = section.integer(key, 0, Integer.MAX_VALUE);
        if (kib.isPresent() && kib.get() >= LARGEST_BUFFER_KIB) {
            section.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    key,
                    kib.get() + " means KiB, so " + (kib.get() >> 20) + " GiB; for bytes write " + (kib.get() >> 10));
        }
        return kib;
    }

    /** This layer with another laid on it. */
    SettingsLayer with(SettingsLayer other) {
        return new SettingsLayer(
                other.activeRequestLimit.or(() -> activeRequestLimit),
                other.bufferMemoryLimitKib.or(() -> bufferMemoryLimitKib),
                other.allowFlushAll.or(() -> allowFlushAll),
                other.mergeGets.or(() -> mergeGets),
                other.missOnError.or(() -> missOnError),
                other.ioThread.or(() -> ioThread),
                poolOptions.with(other.poolOptions),
                backends.with(other.backends),
                backendOptions.with(other.backendOptions));
    }

    Settings complete() {
        return new Settings(
                activeRequestLimit.orElse(Settings.DEFAULTS.activeRequestLimit()),
                bufferMemoryLimitKib
                        .map(kib -> OptionalLong.of(kib * 1024L))
                        .orElse(Settings.DEFAULTS.bufferMemoryLimitBytes()),
                allowFlushAll.orElse(Settings.DEFAULTS.allowFlushAll()),
                mergeGets.orElse(Settings.DEFAULTS.mergeGets()),
                missOnError.orElse(Settings.DEFAULTS.missOnError()));
    }
}
