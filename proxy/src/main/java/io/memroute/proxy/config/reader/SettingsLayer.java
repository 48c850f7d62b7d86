package io.memroute.proxy.config.reader;

import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.discovery.DiscoverySettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The settings that {@code settings{}}, or calls of {@code mcp} tunables, make: for the proxy as a whole, and as
 * defaults for every pool and backend.
 *
 * @param choices what is said of the proxy as a whole
 * @param backends what settings such as {@code backend_read_timeout} say, below every other layer of backend options
 * @param backendOptions the table {@code backend_options}
 */
public record SettingsLayer(
        List<Consumer<Settings.Builder>> choices,
        Optional<Boolean> ioThread,
        PoolOptionsLayer poolOptions,
        BackendOptions backends,
        BackendOptions backendOptions) {

    static final SettingsLayer NONE = new SettingsLayer(
            List.of(), Optional.empty(), PoolOptionsLayer.NONE, BackendOptions.NONE, BackendOptions.NONE);

    /** Stands in the place of a default that depends on the machine. */
    private enum Unset {
        DEFAULT;

        @Override
        public String toString() {
            return "default";
        }
    }

    /** The name of the setting, which is also a key of {@code routes{}}. */
    static final String MISS_ON_ERROR = "miss_on_error";

    private static final Option<Settings.Builder, Settings> ACTIVE_LIMIT = Option.of(
            "active_req_limit",
            (in, key) -> in.integer(key, 0, Integer.MAX_VALUE),
            Settings.Builder::activeRequestLimit,
            Settings::activeRequestLimit);
    private static final Option<Settings.Builder, Settings> ACTIVE_LIMIT_ALIAS =
            ACTIVE_LIMIT.alias("active_request_limit");

    /** The settings that concern the proxy as a whole. */
    private static final List<Option<Settings.Builder, Settings>> OPTIONS = List.of(
            ACTIVE_LIMIT,
            ACTIVE_LIMIT_ALIAS,
            Option.of(
                    "buffer_memory_limit",
                    SettingsLayer::bufferMemoryLimit,
                    (builder, kib) -> builder.bufferMemoryLimitBytes(kib * 1024L),
                    SettingsLayer::shownBufferMemoryLimit),
            Option.of("allow_flush_all", Section::flag, Settings.Builder::allowFlushAll, Settings::allowFlushAll),
            Option.of("merge_gets", Section::flag, Settings.Builder::mergeGets, Settings::mergeGets),
            Option.of(MISS_ON_ERROR, Section::flag, Settings.Builder::missOnError, Settings::missOnError));

    /** 64 GiB of buffers are more than a proxy has memory; a number of bytes is larger. */
    private static final int LARGEST_BUFFER_KIB = 64 << 20;

    /** Every name that {@code settings{}} takes. */
    static final Set<String> NAMES = names();

    private static Set<String> names() {
        Set<String> names = new HashSet<>(BackendOptions.settingNames());
        OPTIONS.forEach(option -> names.add(option.name()));
        names.addAll(Set.of("backend_use_iothread", "pool_options", "backend_options"));
        names.addAll(DiscoveryOptions.settingNames());
        return Set.copyOf(names);
    }

    static SettingsLayer read(Section section) {
        section.allowOnly(NAMES);
        if (section.has(ACTIVE_LIMIT.name()) && section.has(ACTIVE_LIMIT_ALIAS.name())) {
            section.fail(
                    ACTIVE_LIMIT_ALIAS.name(), "is another name of " + ACTIVE_LIMIT.name() + "; give only one of them");
        }
        Optional<Section> backendOptions = section.section("backend_options", "option");
        backendOptions.ifPresent(options -> options.allowOnly(BackendOptions.names()));
        List<Consumer<Settings.Builder>> choices = new ArrayList<>(Option.readAll(OPTIONS, section));
        Optional<Boolean> ioThread = section.flag("backend_use_iothread");
        DiscoveryOptions.read(section).forEach(choice -> choices.add(builder -> choice.accept(builder.discovery())));
        return new SettingsLayer(
                choices,
                ioThread,
                section.section("pool_options", "option")
                        .map(PoolOptionsLayer::read)
                        .orElse(PoolOptionsLayer.NONE),
                BackendOptions.readSettings(section),
                backendOptions.map(BackendOptions::read).orElse(BackendOptions.NONE));
    }

    private static Optional<Integer> bufferMemoryLimit(Section section, String key) {
        Optional<Integer> kib = section.integer(key, 0, Integer.MAX_VALUE);
        if (kib.isPresent() && kib.get() >= LARGEST_BUFFER_KIB) {
            section.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    key,
                    kib.get() + " means KiB: " + (kib.get() >> 20) + " GiB; for bytes write " + (kib.get() >> 10));
        }
        return kib;
    }

    /** Returns the limit in KiB, as it is read. */
    private static Object shownBufferMemoryLimit(Settings settings) {
        OptionalLong bytes = settings.bufferMemoryLimitBytes();
        return bytes.isPresent() ? (Object) (bytes.getAsLong() / 1024) : Unset.DEFAULT;
    }

    /** The settings of the proxy as a whole that are in force, by name, defaults included. */
    public static Map<String, Object> shown(Settings settings) {
        Map<String, Object> shown = new LinkedHashMap<>(Option.showAll(OPTIONS, settings));
        if (!settings.discovery().equals(DiscoverySettings.DEFAULTS)) {
            shown.put(DiscoveryOptions.SECTION, DiscoveryOptions.shown(settings.discovery()));
        }
        return shown;
    }

    /** This layer with another laid on it. */
    SettingsLayer with(SettingsLayer other) {
        return new SettingsLayer(
                Stream.concat(choices.stream(), other.choices.stream()).toList(),
                other.ioThread.or(() -> ioThread),
                poolOptions.with(other.poolOptions),
                backends.with(other.backends),
                backendOptions.with(other.backendOptions));
    }

    /** This layer with rules about clients. */
    SettingsLayer with(ClientRules rules) {
        return with(new SettingsLayer(
                List.of(builder -> builder.clientRules(rules)),
                Optional.empty(),
                PoolOptionsLayer.NONE,
                BackendOptions.NONE,
                BackendOptions.NONE));
    }

    Settings complete() {
        Settings.Builder settings = Settings.builder();
        choices.forEach(choice -> choice.accept(settings));
        return settings.build();
    }
}
