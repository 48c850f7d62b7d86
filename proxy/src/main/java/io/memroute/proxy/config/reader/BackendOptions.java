package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.LogOptions;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A layer of backend options: what one table says. Layers are laid on each other from the most general (the settings)
 * to the most particular (the backend's own table), key by key.
 */
final class BackendOptions {

    /** Reads the value of a key into what it sets; empty if the key is absent or wrong. */
    private interface Option {
        Optional<Consumer<BackendSpec.Builder>> read(Section section, String key);
    }

    /** A quarter of an hour without a server is much; a number of milliseconds is larger. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /** The default is an hour; a day is more than anybody waits on purpose. */
    private static final Duration LONGEST_BACKOFF = Duration.ofDays(1);

    private static final Map<String, Option> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put(
                "connections",
                (in, key) -> set(in.integer(key, 1, BackendSpec.MAX_CONNECTIONS), BackendSpec.Builder::connections));
        OPTIONS.put("down", (in, key) -> set(in.flag(key), BackendSpec.Builder::down));
        OPTIONS.put("tls", (in, key) -> TlsReader.read(in, key));
        OPTIONS.put("tcpkeepalive", (in, key) -> set(in.flag(key), BackendSpec.Builder::tcpKeepalive));
        OPTIONS.put(
                "failurelimit",
                (in, key) -> set(in.integer(key, 0, Integer.MAX_VALUE), BackendSpec.Builder::failureLimit));
        OPTIONS.put(
                "depthlimit", (in, key) -> set(in.integer(key, 0, Integer.MAX_VALUE), BackendSpec.Builder::depthLimit));
        OPTIONS.put("connecttimeout", (in, key) -> set(in.timeout(key), BackendSpec.Builder::connectTimeout));
        OPTIONS.put("readtimeout", (in, key) -> set(in.timeout(key), BackendSpec.Builder::readTimeout));
        OPTIONS.put("retrywaittime", (in, key) -> set(retryWait(in, key), BackendSpec.Builder::retryWait));
        OPTIONS.put("retrytimeout", OPTIONS.get("retrywaittime"));
        OPTIONS.put("flaptime", (in, key) -> set(pause(in, key, LONGEST_PAUSE), BackendSpec.Builder::flapTime));
        OPTIONS.put(
                "flapbackofframp", (in, key) -> set(flapBackoffRamp(in, key), BackendSpec.Builder::flapBackoffRamp));
        OPTIONS.put("flapbackoffmax", (in, key) -> set(longPause(in, key), BackendSpec.Builder::flapBackoffMax));
        OPTIONS.put("log", (in, key) -> set(in.section(key, "key").map(BackendOptions::log), BackendSpec.Builder::log));
    }

    /** What {@code settings{}} calls the options that it has a setting of their own for. */
    private static final Map<String, String> OPTION_OF_SETTING = Map.of(
            "backend_connect_timeout", "connecttimeout",
            "backend_read_timeout", "readtimeout",
            "backend_retry_waittime", "retrywaittime",
            "backend_failure_limit", "failurelimit",
            "backend_depth_limit", "depthlimit",
            "backend_flap_time", "flaptime",
            "backend_flap_backoff_ramp", "flapbackofframp",
            "backend_flap_backoff_max", "flapbackoffmax",
            "backend_use_tls", "tls",
            "tcp_keepalive", "tcpkeepalive");

    private static final Set<String> LOG_KEYS = Set.of("rate", "errors", "deadline", "tag");

    static final BackendOptions NONE = new BackendOptions(List.of());

    private final List<Consumer<BackendSpec.Builder>> choices;

    private BackendOptions(List<Consumer<BackendSpec.Builder>> choices) {
        this.choices = List.copyOf(choices);
    }

    /** The names that {@code backend_options} may hold. */
    static Collection<String> names() {
        return OPTIONS.keySet();
    }

    /** The settings that are options of every backend. */
    static Collection<String> settingNames() {
        return OPTION_OF_SETTING.keySet();
    }

    /**
     * Reads the options that a table holds; unknown keys are the caller's business, since a backend's own table has
     * more.
     */
    static BackendOptions read(Section section) {
        if (section.has("retrytimeout") && section.has("retrywaittime")) {
            section.fail("retrytimeout", "is the older name of retrywaittime; give only one of them");
        }
        List<Consumer<BackendSpec.Builder>> choices = new ArrayList<>();
        OPTIONS.forEach((key, option) -> option.read(section, key).ifPresent(choices::add));
        return new BackendOptions(choices);
    }

    /** Reads the options that {@code settings{}} has settings for. */
    static BackendOptions readSettings(Section settings) {
        List<Consumer<BackendSpec.Builder>> choices = new ArrayList<>();
        OPTION_OF_SETTING.forEach(
                (setting, option) -> OPTIONS.get(option).read(settings, setting).ifPresent(choices::add));
        return new BackendOptions(choices);
    }

    /** This layer with another laid on it. */
    BackendOptions with(BackendOptions other) {
        List<Consumer<BackendSpec.Builder>> both = new ArrayList<>(choices);
        both.addAll(other.choices);
        return new BackendOptions(both);
    }

    /** Sets on a builder what this layer says, leaving the rest as it is. */
    void applyTo(BackendSpec.Builder builder) {
        choices.forEach(choice -> choice.accept(builder));
    }

    private static <T> Optional<Consumer<BackendSpec.Builder>> set(
            Optional<T> value, BiConsumer<BackendSpec.Builder, T> setter) {
        return value.map(some -> builder -> setter.accept(builder, some));
    }

    /** Whole seconds, half a second counts as one, at least one: memcached's rule. */
    private static Optional<Duration> retryWait(Section section, String key) {
        Optional<Duration> configured = pause(section, key, LONGEST_PAUSE);
        Optional<Duration> rounded = configured.map(
                wait -> Duration.ofSeconds(Math.max(1, wait.plusMillis(500).toSeconds())));
        if (!rounded.equals(configured)) {
            section.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    key,
                    LuaValues.describe(section.value(key)) + " is rounded to "
                            + rounded.get().toSeconds() + ": whole seconds, at least 1");
        }
        return rounded;
    }

    private static Optional<Duration> pause(Section section, String key, Duration longest) {
        Optional<Duration> pause = section.seconds(key);
        section.warnOfMillis(key, pause, longest);
        return pause;
    }

    private static Optional<Duration> longPause(Section section, String key) {
        Optional<Duration> pause = section.positiveSeconds(key);
        section.warnOfMillis(key, pause, LONGEST_BACKOFF);
        return pause;
    }

    private static Optional<Double> flapBackoffRamp(Section section, String key) {
        return section.number(key).map(ramp -> {
            if (ramp < BackendSpec.MIN_FLAP_BACKOFF_RAMP) {
                section.warn(
                        Warning.Kind.DOUBTFUL_VALUE,
                        key,
                        LuaValues.describe(section.value(key)) + " is raised to " + BackendSpec.MIN_FLAP_BACKOFF_RAMP
                                + ", the least that lets waits grow");
            }
            return Math.max(ramp, BackendSpec.MIN_FLAP_BACKOFF_RAMP);
        });
    }

    private static LogOptions log(Section section) {
        section.allowOnly(LOG_KEYS);
        boolean everything = !section.has("rate") && !section.has("errors") && !section.has("deadline");
        int rate = section.integer("rate", 0, Integer.MAX_VALUE).orElse(everything ? 1 : 0);
        boolean errors = section.flag("errors").orElse(false);
        int deadlineMillis = section.integer("deadline", 0, Integer.MAX_VALUE).orElse(0);
        if (rate == 0 && !errors && deadlineMillis == 0) {
            section.warn(
                    Warning.Kind.NO_EFFECT,
                    section.has("rate") ? "rate" : "errors",
                    "nothing is logged: expected a rate of 1 or more, errors = true or a deadline");
        }
        return new LogOptions(
                rate,
                errors,
                Duration.ofMillis(deadlineMillis),
                section.text("tag").orElse(""));
    }
}
