package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.LogOptions;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.trust.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A layer of backend options: what one table says. Layers are laid on each other from the most general (the settings)
 * to the most particular (the backend's own table), key by key.
 */
public final class BackendOptions {

    /** A quarter of an hour without a server is much; a number of milliseconds is larger. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /** The default is an hour; a day is more than anybody waits on purpose. */
    private static final Duration LONGEST_BACKOFF = Duration.ofDays(1);

    /** Shown in place of a password. */
    private static final String HIDDEN = "(hidden)";

    private static final Map<String, Option<BackendSpec.Builder, BackendSpec>> OPTIONS = new LinkedHashMap<>();

    static {
        declare(
                "connections",
                (in, key) -> in.integer(key, 1, BackendSpec.MAX_CONNECTIONS),
                BackendSpec.Builder::connections,
                BackendSpec::connections);
        declare("down", Section::flag, BackendSpec.Builder::down, BackendSpec::down);
        declare(new Option<>("tls", TlsReader::read, backend -> Optional.of(TlsReader.shown(backend.tls()))));
        declare(new Option<>(
                "user", LoginReader::user, backend -> backend.login().map(Login::user)));
        declare(new Option<>(
                "password",
                LoginReader::password,
                backend ->
                        backend.login().filter(login -> login.file().isEmpty()).map(login -> HIDDEN)));
        declare(new Option<>(
                "password_file", LoginReader::file, backend -> backend.login().flatMap(Login::file)));
        declare("tcpkeepalive", Section::flag, BackendSpec.Builder::tcpKeepalive, BackendSpec::tcpKeepalive);
        declare("failurelimit", BackendOptions::limit, BackendSpec.Builder::failureLimit, BackendSpec::failureLimit);
        declare("depthlimit", BackendOptions::limit, BackendSpec.Builder::depthLimit, BackendSpec::depthLimit);
        declare("connecttimeout", Section::timeout, BackendSpec.Builder::connectTimeout, BackendSpec::connectTimeout);
        declare("readtimeout", Section::timeout, BackendSpec.Builder::readTimeout, BackendSpec::readTimeout);
        declare("retrywaittime", BackendOptions::retryWait, BackendSpec.Builder::retryWait, BackendSpec::retryWait);
        declare(option("retrywaittime").alias("retrytimeout"));
        declare(
                "flaptime",
                (in, key) -> pause(in, key, LONGEST_PAUSE),
                BackendSpec.Builder::flapTime,
                BackendSpec::flapTime);
        declare(
                "flapbackofframp",
                BackendOptions::flapBackoffRamp,
                BackendSpec.Builder::flapBackoffRamp,
                BackendSpec::flapBackoffRamp);
        declare(
                "flapbackoffmax",
                BackendOptions::longPause,
                BackendSpec.Builder::flapBackoffMax,
                BackendSpec::flapBackoffMax);
        declare(new Option<>(
                "log",
                Option.reading((in, key) -> in.section(key, "key").map(BackendOptions::log), BackendSpec.Builder::log),
                backend ->
                        Optional.of(backend.log()).filter(LogOptions::enabled).map(BackendOptions::shown)));
    }

    private static <T> void declare(
            String name,
            BiFunction<Section, String, Optional<T>> reader,
            BiConsumer<BackendSpec.Builder, T> setter,
            Function<BackendSpec, Object> value) {
        declare(Option.of(name, reader, setter, value));
    }

    private static void declare(Option<BackendSpec.Builder, BackendSpec> option) {
        OPTIONS.put(option.name(), option);
    }

    /** Options by the setting that {@code settings{}} has for them. */
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
        if (section.has("password") && section.has("password_file")) {
            section.fail("password_file", "is given along with password; give only one of them");
        }
        return new BackendOptions(Option.readAll(OPTIONS.values(), section));
    }

    private static Option<BackendSpec.Builder, BackendSpec> option(String name) {
        return Objects.requireNonNull(OPTIONS.get(name), name);
    }

    /** Reads the options that {@code settings{}} has settings for. */
    static BackendOptions readSettings(Section settings) {
        List<Consumer<BackendSpec.Builder>> choices = new ArrayList<>();
        OPTION_OF_SETTING.forEach(
                (setting, option) -> option(option).read(settings, setting).ifPresent(choices::add));
        return new BackendOptions(choices);
    }

    /** The options in force by name, defaults included. */
    public static Map<String, Object> shown(BackendSpec backend) {
        return Option.showAll(OPTIONS.values(), backend);
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

    private static Optional<Integer> limit(Section section, String key) {
        return section.integer(key, 0, Integer.MAX_VALUE);
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

    private static Map<String, Object> shown(LogOptions log) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("rate", log.rate());
        options.put("errors", log.errors());
        options.put("deadline", log.deadline().toMillis());
        options.put("tag", log.tag());
        return options;
    }
}
