package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.discovery.Cluster;
import io.memroute.proxy.discovery.DiscoverySettings;
import io.memroute.proxy.discovery.FoundServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of {@code settings{}} about sources of servers: the table {@code discovery}, {@code dns_servers} and
 * {@code cluster}.
 */
final class DiscoveryOptions {

    /** The table of {@code settings{}} with the options of sources. */
    static final String SECTION = "discovery";

    private static final List<Option<DiscoverySettings.Builder, DiscoverySettings>> OF_TABLE = List.of(
            Option.of(
                    "grace",
                    Section::seconds,
                    DiscoverySettings.Builder::grace,
                    settings -> settings.rules().grace()),
            Option.of(
                    "debounce",
                    Section::seconds,
                    DiscoverySettings.Builder::debounce,
                    settings -> settings.rules().debounce()),
            Option.of(
                    "min_share",
                    DiscoveryOptions::share,
                    DiscoverySettings.Builder::minShare,
                    settings -> settings.rules().minShare()),
            Option.of(
                    "confirm_after",
                    Section::seconds,
                    DiscoverySettings.Builder::confirmAfter,
                    settings -> settings.rules().confirmAfter()),
            Option.of(
                    "max_moved",
                    DiscoveryOptions::share,
                    DiscoverySettings.Builder::maxMoved,
                    settings -> settings.rules().maxMoved()),
            Option.of(
                    "refresh",
                    Section::positiveSeconds,
                    DiscoverySettings.Builder::refresh,
                    settings -> settings.asking().refresh()),
            new Option<>(
                    "state",
                    Option.reading(Section::text, DiscoverySettings.Builder::stateDirectory),
                    settings -> settings.stateDirectory().map(directory -> directory)));

    /** The options that stand beside the table. */
    private static final List<Option<DiscoverySettings.Builder, DiscoverySettings>> BESIDE_IT = List.of(
            new Option<>(
                    "dns_servers",
                    Option.reading(DiscoveryOptions::dnsServers, DiscoverySettings.Builder::dnsServers),
                    settings -> Optional.of(settings.asking().dnsServers())
                            .filter(servers -> !servers.isEmpty())
                            .map(servers -> String.join(", ", servers))),
            new Option<>(
                    "cluster",
                    Option.reading(DiscoveryOptions::cluster, DiscoverySettings.Builder::cluster),
                    settings -> settings.cluster().map(DiscoveryOptions::shown)));

    private static final String DNS_SERVERS_EXPECTED = "a list such as { \"10.0.0.2:53\" }";

    private static final String CLUSTER_EXPECTED = "a list such as { \"proxy-1:11211\", version = 1 }";

    private static final int DNS_PORT = 53;

    private DiscoveryOptions() {}

    /** The names of {@code settings{}} that are about sources. */
    static Set<String> settingNames() {
        return Stream.concat(Stream.of(SECTION), names(BESIDE_IT)).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> names(List<Option<DiscoverySettings.Builder, DiscoverySettings>> options) {
        return options.stream().map(Option::name);
    }

    static List<Consumer<DiscoverySettings.Builder>> read(Section settings) {
        List<Consumer<DiscoverySettings.Builder>> choices = new ArrayList<>();
        settings.section(SECTION, "option").ifPresent(table -> {
            table.allowOnly(names(OF_TABLE).collect(Collectors.toUnmodifiableSet()));
            choices.addAll(Option.readAll(OF_TABLE, table));
        });
        choices.addAll(Option.readAll(BESIDE_IT, settings));
        return choices;
    }

    /** The settings in force, by name. */
    static Map<String, Object> shown(DiscoverySettings settings) {
        Map<String, Object> shown = new LinkedHashMap<>(Option.showAll(OF_TABLE, settings));
        shown.putAll(Option.showAll(BESIDE_IT, settings));
        return shown;
    }

    private static String shown(Cluster cluster) {
        return "version " + cluster.version() + ": "
                + cluster.nodes().stream().map(FoundServer::label).collect(Collectors.joining(", "));
    }

    private static Optional<Double> share(Section table, String key) {
        Optional<Double> share = table.number(key);
        if (share.isPresent() && !(share.get() >= 0 && share.get() <= 1)) {
            table.expected(key, "a share from 0 to 1", table.value(key));
            return Optional.empty();
        }
        return share;
    }

    private static Optional<List<String>> dnsServers(Section settings, String key) {
        Object value = settings.value(key);
        if (value == null) {
            return Optional.empty();
        }
        List<String> servers = new ArrayList<>();
        if (value instanceof LuaTable table) {
            for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
                if (!(entry.key() instanceof Long) || !(entry.value() instanceof LuaString text)) {
                    settings.expected(key, DNS_SERVERS_EXPECTED, value);
                    return Optional.empty();
                }
                try {
                    FoundServer.parse(text.toString(), DNS_PORT);
                    servers.add(text.toString());
                } catch (IllegalArgumentException e) {
                    settings.fail(key, LuaValues.describe(text) + ": " + e.getMessage());
                }
            }
        }
        if (servers.isEmpty()) {
            settings.expected(key, DNS_SERVERS_EXPECTED, value);
        }
        return Optional.of(servers);
    }

    private static Optional<Cluster> cluster(Section settings, String key) {
        Object value = settings.value(key);
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
                        settings.fail(key, String.valueOf(e.getMessage()));
                    }
                } else if (entry.plainKey().equals("version") && entry.value() instanceof Long number && number > 0) {
                    version = number;
                } else {
                    settings.expected(key, CLUSTER_EXPECTED, value);
                    return Optional.empty();
                }
            }
        }
        if (nodes.isEmpty()) {
            settings.expected(key, CLUSTER_EXPECTED, value);
        }
        return Optional.of(new Cluster(version, nodes));
    }
}
