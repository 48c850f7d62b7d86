package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTest;
import io.memroute.proxy.config.SourceLines;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.clients.NamedClient;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that files said: the configuration, and what does not matter to a running proxy.
 *
 * @param tests the {@code test{}} blocks, in the order of the files
 * @param localZone the zone this proxy is in, if the files say so; routes have it already
 * @param lines the text of the files
 * @param clients the clients that rules name, with their places
 * @param warnings what is suspicious about how the files say it; what the configuration itself shows is not among them
 */
public record LoadedConfig(
        ProxyConfig config,
        List<RouteTest> tests,
        Optional<Zone> localZone,
        SourceLines lines,
        List<NamedClient> clients,
        List<Warning> warnings) {

    public LoadedConfig {
        Objects.requireNonNull(config, "config");
        tests = List.copyOf(tests);
        Objects.requireNonNull(localZone, "localZone");
        Objects.requireNonNull(lines, "lines");
        clients = List.copyOf(clients);
        warnings = List.copyOf(warnings);
    }
}
