package io.memroute.app.explain;

import io.memroute.proxy.config.reader.ConfigSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is said about a configuration besides its file, common to the commands about one. */
final class ConfigurationFile {

    @Option(
            names = "--proxy-config",
            paramLabel = "<files>",
            description = "what a start is given as -o proxy_config: files separated by colons (default: routelib)")
    private Optional<String> proxyConfig = Optional.empty();

    boolean isGiven() {
        return proxyConfig.isPresent();
    }

    /** Where a start with the same words would load from. */
    ConfigSource source(String file) {
        return ConfigSource.ofMemcachedOptions(proxyConfig.orElse(ConfigSource.BUILT_IN), Optional.of(file));
    }
}
