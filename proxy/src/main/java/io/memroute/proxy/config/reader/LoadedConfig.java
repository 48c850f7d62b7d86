package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTest;
import io.memroute.proxy.config.Warning;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that files said: the configuration, and what does not matter to a running proxy.
 *
 * @param tests the {@code test{}} blocks, in the order of the files
 * @param localZone the zone this proxy is in, if the files say so; routes have it already
 * @param warnings what is suspicious about how the files say it; what the configuration itself shows is not among them
 */
public record LoadedConfig(
        ProxyConfig config, List<RouteTest> tests, Optional<String> localZone, List<Warning> warnings) {

    public LoadedConfig {
        Objects.requireNonNull(config, "config");
        tests = List.copyOf(tests);
        Objects.requireNonNull(localZone, "localZone");
        warnings = List.copyOf(warnings);
    }
}
