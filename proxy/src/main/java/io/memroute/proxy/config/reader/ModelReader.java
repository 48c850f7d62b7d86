package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaState;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTest;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.clients.ClientRulesReader;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.config.source.SourceFiles;
import io.memroute.proxy.discovery.ServerLookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what the files said into the model: settings first, then pools, then the routes that use them. */
final class ModelReader {

    /** The function by which a Lua program of its own is known. */
    private static final String PROGRAM = "mcp_config_pools";

    private final Recording recorded;
    private final SourceLocation main;
    private final SourceFiles sources;
    private final HandlerPrograms programs;
    private final LuaState lua;
    private final ServerLookup lookup;
    private final Findings findings;

    /**
     * @param main the file to name when something is missing altogether
     * @param lua where the files have run
     * @param lookup asks the sources that pools list
     */
    ModelReader(
            Recording recorded,
            SourceLocation main,
            SourceFiles sources,
            HandlerPrograms programs,
            LuaState lua,
            ServerLookup lookup,
            Findings findings) {
        this.recorded = recorded;
        this.main = main;
        this.sources = sources;
        this.programs = programs;
        this.lua = lua;
        this.lookup = lookup;
        this.findings = findings;
    }

    /**
     * The model; of no use if errors have been noted.
     *
     * @param complete whether the files ran to their ends; if not, what is missing is not an error
     */
    Optional<LoadedConfig> read(boolean complete) {
        ClientRulesReader.Read clients = ClientRulesReader.read(recorded, findings);
        SettingsLayer settings = readTunables().with(readSettings()).with(clients.rules());
        PoolNames pools = new PoolsReader(settings, lookup, findings).read(recorded.pools);
        if (!recorded.routesCalled && complete) {
            findings.error(
                    main,
                    lua.global(PROGRAM) == null
                            ? "routes{} is missing: nothing says where requests go"
                            : "defines " + PROGRAM + ", so it is a Lua program of its own: start it with"
                                    + " -o proxy_config=FILE, check it with check --proxy-config FILE");
        }
        Optional<Zone> localZone = Optional.ofNullable(recorded.localZone);
        LuaHandlerReader own = new LuaHandlerReader(
                lua, sources, new ConfContext.Maker(pools, localZone.map(Zone::name), recorded.counters), findings);
        RouteReader routes = new RouteReader(pools, localZone, complete, Optional.of(own), findings);
        UnusedRoutes unused = new UnusedRoutes(pools, localZone, settings.complete(), findings);
        List<RouteTree> trees = readTrees(new TreeReader(routes, settings.complete(), findings), unused);
        if (findings.hasErrors()) {
            return Optional.empty();
        }
        unused.find(recorded.madeRoutes);
        ProxyConfig config = new ProxyConfig(
                settings.complete(),
                pools.pools(),
                pools.sets(),
                trees,
                programs.forHandlers(own.used(), lua, recorded));
        List<RouteTest> tests = new TestsReader(config, findings).read(recorded.tests);
        return Optional.of(new LoadedConfig(
                config,
                tests,
                localZone,
                sources,
                clients.named(),
                findings.warnings().sorted()));
    }

    private SettingsLayer readTunables() {
        return SettingsLayer.read(new Section(
                recorded.tunables, "mcp", "tunable", new Place.OfCalls(main, recorded.tunablePlaces), findings));
    }

    private SettingsLayer readSettings() {
        if (recorded.settings.isEmpty()) {
            return SettingsLayer.NONE;
        }
        Recording.Statement last = recorded.settings.getLast();
        if (recorded.settings.size() > 1) {
            Recording.Statement before = recorded.settings.get(recorded.settings.size() - 2);
            List<String> lost = LuaValues.inOrder(before.argument()).stream()
                    .filter(entry -> last.argument().get(entry.key()) == null)
                    .map(entry -> entry.plainKey().toString())
                    .toList();
            findings.warn(
                    Warning.Kind.REPLACED,
                    last.place().where(),
                    "settings: replaces the whole settings{} of "
                            + before.place().where()
                            + (lost.isEmpty() ? "" : "; no longer set: " + String.join(", ", lost)));
        }
        return SettingsLayer.read(new Section(last.argument(), "settings", "setting", last.place(), findings));
    }

    /** One tree for each tag: a later one replaces an earlier one of the same tag. */
    private List<RouteTree> readTrees(TreeReader reader, UnusedRoutes unused) {
        Map<String, Recording.Statement> byTag = new LinkedHashMap<>();
        recorded.routes.forEach(call -> reader.tag(call).ifPresent(tag -> {
            Recording.Statement before = byTag.put(tag, call);
            if (before != null) {
                findings.warn(
                        Warning.Kind.REPLACED,
                        call.place().where(),
                        "routes: replaces the routes{} of "
                                + before.place().where() + ", which "
                                + (tag.isEmpty() ? "also has no tag" : "also has the tag " + LuaValues.quote(tag)));
                unused.look(tag, before);
            }
        }));
        List<RouteTree> trees = new ArrayList<>();
        byTag.forEach((tag, call) -> reader.read(tag, call).ifPresent(trees::add));
        return trees;
    }
}
