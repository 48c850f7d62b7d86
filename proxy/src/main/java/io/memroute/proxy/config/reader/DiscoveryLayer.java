package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.discovery.Cluster;
import io.memroute.proxy.discovery.DiscoveryRules;
import io.memroute.proxy.discovery.DiscoverySettings;
import io.memroute.proxy.discovery.FoundServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of {@code settings{}} about sources of servers: the table {@code discovery}, {@code dns_servers} and
 * {@code cluster}.
 */
public record DiscoveryLayer(
        Optional<Duration> grace,
        Optional<Duration> debounce,
        Optional<Double> minShare,
        Optional<Duration> confirmAfter,
        Optional<Double> maxMoved,
        Optional<Duration> refresh,
        Optional<String> state,
        Optional<List<String>> dnsServers,
        Optional<Cluster> cluster) {

    static final String SECTION = "discovery";
    static final String DNS_SERVERS = "dns_servers";

    static final String CLUSTER = "cluster";

    private static final String CLUSTER_EXPECTED = "a list such as { \"proxy-1:11211\", version = 1 }";

    private static final int DNS_PORT = 53;

    static final Set<String> NAMES =
            Set.of("grace", "debounce", "min_share", "confirm_after", "max_moved", "refresh", "state");

    static final DiscoveryLayer NONE = new DiscoveryLayer(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    static DiscoveryLayer read(Section settings) {
        DiscoveryLayer layer = settings.section(SECTION, "option")
                .map(DiscoveryLayer::readTable)
                .orElse(NONE);
        return new DiscoveryLayer(
                layer.grace,
                layer.debounce,
                layer.minShare,
                layer.confirmAfter,
                layer.maxMoved,
                layer.refresh,
                layer.state,
                readDnsServers(settings),
                readCluster(settings));
    }

    private static DiscoveryLayer readTable(Section table) {
        table.allowOnly(NAMES);
        return new DiscoveryLayer(
                table.seconds("grace"),
                table.seconds("debounce"),
                share(table, "min_share"),
                table.seconds("confirm_after"),
                share(table, "max_moved"),
                table.positiveSeconds("refresh"),
                table.text("state"),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<Double> share(Section table, String key) {
        Optional<Double> share = table.number(key);
        if (share.isPresent() && !(share.get() >= 0 && share.get() <= 1)) {
            table.expected(key, "a share from 0 to 1", table.value(key));
            return Optional.empty();
        }
        return share;
    }

    private static Optional<List<String>> readDnsServers(Section settings) {
        Object value = settings.value(DNS_SERVERS);
        if (value == null) {
            return Optional.empty();
        }
        List<String> servers = new ArrayList<>();
        if (value instanceof LuaTable table) {
            for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
                if (!(entry.key() instanceof Long) || !(entry.value() instanceof LuaString text)) {
                    settings.expected(DNS_SERVERS, "a list such as { \"10.0.0.2:53\" }", value);
                    return Optional.empty();
                }
                try {
                    FoundServer.parse(text.toString(), DNS_PORT);
                    servers.add(text.toString());
                } catch (IllegalArgumentException e) {
                    settings.fail(DNS_SERVERS, LuaValues.describe(text) + ": " + e.getMessage());
                }
            }
        }
        if (servers.isEmpty()) {
            settings.expected(DNS_SERVERS, "a list such as { \"10.0.0.2:53\" }", value);
        }
        return Optional.of(servers);
    }

    private static Optional<Cluster> readCluster(Section settings) {
        Object value = settings.value(CLUSTER);
        if (value == null) {
            return Optional.empty();
        }
        List<FoundServer> nodes = new ArrayList<>();
        long version = 1;
        if (value instanceof LuaTable table) {
            for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
                if (entry.key() instanceof Long && entry.value() instanceof LuaString text) {
                    try {
                        nodes.add(FoundServer.parse(text.toString(), BackendSpec.DEFAULT_PORT));
                    } catch (IllegalArgumentException e) {
                        settings.fail(CLUSTER, String.valueOf(e.getMessage()));
                    }
                } else if (entry.plainKey().equals("version") && entry.value() instanceof Long number && number > 0) {
                    version = number;
                } else {
                    settings.expected(CLUSTER, CLUSTER_EXPECTED, value);
                    return Optional.empty();
                }
            }
        }
        if (nodes.isEmpty()) {
            settings.expected(CLUSTER, CLUSTER_EXPECTED, value);
        }
        return Optional.of(new Cluster(version, nodes));
    }

    DiscoveryLayer with(DiscoveryLayer other) {
        return new DiscoveryLayer(
                other.grace.or(() -> grace),
                other.debounce.or(() -> debounce),
                other.minShare.or(() -> minShare),
                other.confirmAfter.or(() -> confirmAfter),
                other.maxMoved.or(() -> maxMoved),
                other.refresh.or(() -> refresh),
                other.state.or(() -> state),
                other.dnsServers.or(() -> dnsServers),
                other.cluster.or(() -> cluster));
    }

    /** The settings in force, by name. */
    static Map<String, Object> shown(DiscoverySettings settings) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("grace", settings.rules().grace());
        options.put("debounce", settings.rules().debounce());
        options.put("min_share", settings.rules().minShare());
        options.put("confirm_after", settings.rules().confirmAfter());
        options.put("max_moved", settings.rules().maxMoved());
        options.put("refresh", settings.asking().refresh());
        settings.stateDirectory().ifPresent(directory -> options.put("state", directory));
        if (!settings.asking().dnsServers().isEmpty()) {
            options.put(DNS_SERVERS, String.join(", ", settings.asking().dnsServers()));
        }
        settings.cluster()
                .ifPresent(cluster -> options.put(
                        CLUSTER,
                        "version " + cluster.version() + ": "
                                + cluster.nodes().stream()
                                        .map(FoundServer::label)
                                        .collect(Collectors.joining(", "))));
        return options;
    }

    DiscoverySettings complete() {
        DiscoveryRules rules = DiscoveryRules.DEFAULTS;
        DiscoverySettings.Asking asking = DiscoverySettings.Asking.DEFAULTS;
        return new DiscoverySettings(
                new DiscoveryRules(
                        grace.orElse(rules.grace()),
                        debounce.orElse(rules.debounce()),
                        minShare.orElse(rules.minShare()),
                        confirmAfter.orElse(rules.confirmAfter()),
                        maxMoved.orElse(rules.maxMoved())),
                new DiscoverySettings.Asking(refresh.orElse(asking.refresh()), dnsServers.orElse(asking.dnsServers())),
                state,
                cluster);
    }
}
