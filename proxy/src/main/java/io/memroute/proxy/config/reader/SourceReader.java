package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSource;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.discovery.DiscoverySettings;
import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.ServerLookup;
import io.memroute.proxy.discovery.Slot;
import io.memroute.proxy.discovery.SourceAddress;
import io.memroute.proxy.discovery.SourceException;
import io.memroute.proxy.hash.ServerName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads entries of {@code backends} that are sources of servers, and has the sources asked. */
final class SourceReader {

    /** The key of a backend's table that names a source. */
    static final String KEY = "source";

    /** The keys that may stand beside it: the options of every server of the source. */
    static final Set<String> KEYS = keys();

    /**
     * The servers of one source, in the order of their slots.
     *
     * @param placed one that stands for the source if it was not asked
     */
    record Servers(PoolSource source, List<BackendsReader.Placed> placed) {}

    private final ServerLookup lookup;
    private final DiscoverySettings settings;

    SourceReader(ServerLookup lookup, DiscoverySettings settings) {
        this.lookup = lookup;
        this.settings = settings;
    }

    private static Set<String> keys() {
        Set<String> keys = new HashSet<>(BackendOptions.names());
        keys.add(KEY);
        return Set.copyOf(keys);
    }

    /** Whether an entry is a source rather than a server. */
    static boolean isSource(Object entry) {
        return switch (entry) {
            case LuaString text -> SourceAddress.parse(text.toString()).isPresent();
            case LuaTable table -> table.get(KEY) != null;
            default -> false;
        };
    }

    /**
     * Reads a source.
     *
     * @param subject what error messages begin with
     * @param options of every server
     * @return empty if no servers of it are known, which has been noted
     */
    Optional<Servers> read(String subject, String text, BackendOptions options, Place place, Findings findings) {
        Optional<SourceAddress> address = SourceAddress.parse(text);
        if (address.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            findings.error(
                    place.where(),
                    subject + ": source: expected one of "
                            + Arrays.stream(SourceAddress.Kind.values())
                                    .map(SourceAddress.Kind::prefix)
                                    .collect(Collectors.joining(", "))
                            + " and an address, got " + LuaValues.quote(text));
            return Optional.empty();
        }
        try {
            Optional<List<Slot>> slots = lookup.slots(address.get(), settings);
            return Optional.of(
                    slots.isPresent() ? servers(address.get(), slots.get(), options) : standIn(address.get(), options));
        } catch (SourceException | IllegalArgumentException e) {
            findings.error(place.where(), subject + ": " + address.get() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Servers servers(SourceAddress address, List<Slot> slots, BackendOptions options) {
        List<BackendsReader.Placed> placed = new ArrayList<>();
        for (Slot slot : slots) {
            FoundServer server = slot.server();
            BackendSpec.Builder builder = BackendSpec.builder(server.host(), server.port());
            options.applyTo(builder);
            if (slot.down()) {
                builder.down(true);
            }
            placed.add(new BackendsReader.Placed(
                    builder.label(server.label()).build(), new ServerName(server.name(), server.port())));
        }
        return new Servers(
                new PoolSource(
                        address,
                        placed.stream().map(some -> some.backend().label()).toList()),
                placed);
    }

    private static Servers standIn(SourceAddress address, BackendOptions options) {
        BackendSpec.Builder builder = BackendSpec.builder(address.toString(), BackendSpec.DEFAULT_PORT);
        options.applyTo(builder);
        return new Servers(
                new PoolSource(address, List.of()),
                List.of(new BackendsReader.Placed(
                        builder.label(address.toString()).build(),
                        new ServerName(address.toString(), BackendSpec.DEFAULT_PORT))));
    }
}
