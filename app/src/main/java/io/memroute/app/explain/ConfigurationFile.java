package io.memroute.app.explain;

import io.memroute.proxy.config.reader.ConfigSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The words that name a configuration, common to the commands about one. */
final class ConfigurationFile {

    @Parameters(index = "0", paramLabel = "FILE", description = "the configuration file")
    private String file;

    @Option(
            names = "--proxy-config",
            paramLabel = "<files>",
            description = "what a start is given as -o proxy_config: files separated by colons (default: routelib)")
    private String proxyConfig = ConfigSource.BUILT_IN;

    /** Where a start with the same words would load from. */
    ConfigSource source() {
        return ConfigSource.ofMemcachedOptions(proxyConfig, Optional.of(file));
    }

    /** A file alone, for the built-in library. */
    static ConfigSource of(String file) {
        return new ConfigSource(List.of(ConfigSource.BUILT_IN), Optional.of(file));
    }
}
