package io.memroute.app.explain;

import io.memroute.app.options.WholeNumber;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.discovery.OneQuestion;
import io.memroute.proxy.discovery.ServerLookup;
import io.memroute.proxy.discovery.source.Sources;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options about a configuration besides its file, common to the commands about one. */
final class ConfigurationFile {

    @Option(
            names = "--proxy-config",
            paramLabel = "<files>",
            description = "the value of -o proxy_config: files separated by colons (default: routelib)")
    private Optional<String> proxyConfig = Optional.empty();

    @Option(
            names = "--trust",
            description =
                    "let the configuration read files outside its own directory, and write files, as a start does")
    private boolean trust;

    @Option(
            names = "--load-time",
            converter = WholeNumber.Positive.class,
            paramLabel = "<seconds>",
            description = "how long loading it may take (default: 10)")
    private Optional<Integer> loadSeconds = Optional.empty();

    @Option(
            names = "--load-memory",
            converter = WholeNumber.Positive.class,
            paramLabel = "<megabytes>",
            description = "how much loading it may allocate (default: a quarter of the heap)")
    private Optional<Integer> loadMegabytes = Optional.empty();

    @Option(
            names = "--offline",
            description = "do not ask sources (dns+, file+, ...): each counts as one server (docs/discovery.md)")
    private boolean offline;

    /** One for both files of a command that compares two: what it shows is no change of the source meanwhile. */
    private final OneQuestion sources = new OneQuestion(new Sources());

    /** Whether any of this was said. */
    boolean isGiven() {
        return proxyConfig.isPresent() || trust || offline || loadSeconds.isPresent() || loadMegabytes.isPresent();
    }

    /** Returns the trust in the files, and the limits on them. */
    ConfigHost host(ConfigSource source) {
        LuaBounds bounds = LuaBounds.defaults();
        if (loadSeconds.isPresent()) {
            bounds = bounds.withLoadTime(Duration.ofSeconds(loadSeconds.get()));
        }
        if (loadMegabytes.isPresent()) {
            bounds = bounds.withLoadBytes((long) loadMegabytes.get() << 20);
        }
        return new Subject.Host(
                bounds,
                trust ? ConfigHost.Trust.FULL : ConfigHost.Trust.BESIDE,
                source,
                offline ? ServerLookup.NONE : sources);
    }

    /** Returns the source that a start with the same words would load. */
    ConfigSource source(Optional<String> file) {
        return ConfigSource.ofMemcachedOptions(proxyConfig.orElse(ConfigSource.BUILT_IN), file);
    }
}
