package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.PoolOptions;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.discovery.ServerLookup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the definitions given to {@code pools{}} into pools and sets, with the defaults of the settings. */
final class PoolsReader {

    private static final String SET_PREFIX = "set_";
    static final Set<String> POOL_KEYS = Set.of("backends", "options", "backend_options");

    private final SettingsLayer settings;
    private final SourceReader sources;
    private final Findings findings;
    private final PoolNames names = new PoolNames();
    private final BackendLabels labels = new BackendLabels();
    private final Set<String> memberNames = new HashSet<>();

    /** @param lookup asks the sources that pools list */
    PoolsReader(SettingsLayer settings, ServerLookup lookup, Findings findings) {
        this.settings = settings;
        this.sources = new SourceReader(lookup, settings.complete().discovery());
        this.findings = findings;
    }

    static boolean isSetName(String name) {
        return name.startsWith(SET_PREFIX);
    }

    /** @param definitions by name, in the order in which the names were first given */
    PoolNames read(Map<String, Recording.Definition> definitions) {
        definitions.forEach((name, definition) -> {
            boolean understood = isSetName(name) ? readSet(name, definition) : readPlainPool(name, definition);
            if (!understood) {
                names.addBroken(name);
            }
        });
        return names;
    }

    private boolean readPlainPool(String name, Recording.Definition definition) {
        if (name.equals(PoolSpec.INTERNAL)) {
            findings.error(
                    definition.place().where(),
                    "pools: the name \"internal\" is reserved for the embedded store; use another");
            return false;
        }
        Optional<PoolSpec> pool = readPool(name, "pool \"" + name + "\"", definition.value(), definition.place());
        pool.ifPresent(names::add);
        return pool.isPresent();
    }

    private boolean readSet(String name, Recording.Definition definition) {
        String subject = "set \"" + name + "\"";
        Place place = definition.place();
        if (!(definition.value() instanceof LuaTable table)) {
            findings.error(
                    place.where(),
                    subject + ": expected a table of pools, got " + LuaValues.describe(definition.value()));
            return false;
        }
        if (table.get("backends") != null) {
            findings.error(
                    place.where(),
                    subject
                            + ": is a single pool, but names that begin with set_ are for sets of pools; rename it,"
                            + " or nest the"
                            + " pool: { { backends = ... } }");
            return false;
        }
        List<PoolSetSpec.Member> members = new ArrayList<>();
        boolean understood = true;
        for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
            if (!(entry.key() instanceof Long) && !(entry.key() instanceof LuaString)) {
                findings.error(
                        place.where(),
                        subject + ": expected names or positions as keys, got " + LuaValues.describe(entry.key()));
                understood = false;
                continue;
            }
            String key = entry.plainKey().toString();
            String poolName = name + "_" + key;
            Place memberPlace = place.field(entry.plainKey());
            if (!memberNames.add(poolName)) {
                findings.error(
                        memberPlace.where(),
                        subject + ": \"" + poolName
                                + "\" would name this member and a member of another set; rename"
                                + " one of the sets or members");
                understood = false;
            }
            Optional<PoolSpec> pool = readPool(poolName, "pool \"" + poolName + "\"", entry.value(), memberPlace);
            pool.ifPresent(some -> members.add(new PoolSetSpec.Member(key, some)));
            understood &= pool.isPresent();
        }
        if (understood && members.isEmpty()) {
            findings.error(place.where(), subject + ": has no pools");
            return false;
        }
        if (understood) {
            names.add(new PoolSetSpec(name, members, place.where()));
        }
        return understood;
    }

    private Optional<PoolSpec> readPool(String name, String subject, Object definition, Place place) {
        if (!(definition instanceof LuaTable table)) {
            findings.error(
                    place.where(), subject + ": expected a table with backends, got " + LuaValues.describe(definition));
            return Optional.empty();
        }
        Section section = new Section(table, subject, "key", place, findings);
        section.allowOnly(POOL_KEYS);
        PoolOptionsLayer layer = settings.poolOptions()
                .with(section.section("options", "option")
                        .map(PoolOptionsLayer::read)
                        .orElse(PoolOptionsLayer.NONE));
        PoolOptions options = layer.complete(settings.ioThread().orElse(false));
        if (layer.placementUnknown()) {
            return Optional.empty();
        }
        Optional<Section> backendOptions = section.section("backend_options", "option");
        backendOptions.ifPresent(some -> some.allowOnly(BackendOptions.names()));
        BackendOptions defaults = settings.backends()
                .with(settings.backendOptions())
                .with(backendOptions.map(BackendOptions::read).orElse(BackendOptions.NONE));
        return new BackendsReader(section, defaults, options.selection(), labels, sources)
                .read()
                .map(read ->
                        new PoolSpec(name, read.backends(), read.servers(), read.sources(), options, place.where()));
    }
}
