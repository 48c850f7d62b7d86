package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaState;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTest;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what the files said into the model: settings first, then pools, then the routes that use them. */
final class ModelReader {

    private final RecordedCalls recorded;
    private final SourceLocation main;
    private final SourceFiles sources;
    private final HandlerPrograms programs;
    private final LuaState lua;
    private final ServerFunctions server;
    private final Findings findings;

    /**
     * @param main the file to name when something is missing altogether
     * @param lua where the files have run
     */
    ModelReader(
            RecordedCalls recorded,
            SourceLocation main,
            SourceFiles sources,
            HandlerPrograms programs,
            LuaState lua,
            ServerFunctions server,
            Findings findings) {
        this.recorded = recorded;
        this.main = main;
        this.sources = sources;
        this.programs = programs;
        this.lua = lua;
        this.server = server;
        this.findings = findings;
    }

    /**
     * The model; of no use if errors have been noted.
     *
     * @param complete whether the files ran to their ends; if not, what is missing is not an error
     */
    Optional<LoadedConfig> read(boolean complete) {
        SettingsLayer settings = readTunables().with(readSettings());
        PoolNames pools = new PoolsReader(settings, findings).read(recorded.pools);
        if (!recorded.routesCalled && complete) {
            findings.error(main, "routes{} is missing: nothing says where requests go");
        }
        Optional<String> localZone = Optional.ofNullable(recorded.localZone);
        LuaHandlers own = new LuaHandlers(
                lua, sources, new HandlerContext.Maker(pools, localZone, recorded.counters), server, findings);
        RouteReader routes = new RouteReader(pools, localZone, complete, own, findings);
        List<RouteTree> trees = readTrees(new TreeReader(routes, settings.complete(), findings));
        if (findings.hasErrors()) {
            return Optional.empty();
        }
        ProxyConfig config = new ProxyConfig(settings.complete(), pools.pools(), pools.sets(), trees,
                programs.forHandlers(own.used(), lua, recorded));
        List<RouteTest> tests = new TestsReader(config, findings).read(recorded.tests);
        return Optional.of(new LoadedConfig(config, tests, localZone, findings.warnings().sorted()));
    }

    private SettingsLayer readTunables() {
        return SettingsLayer.read(new Section(recorded.tunables, "mcp", "tunable",
                new Place.OfCalls(main, recorded.tunablePlaces), findings));
    }

    private SettingsLayer readSettings() {
        if (recorded.settings == null) {
            return SettingsLayer.NONE;
        }
        return SettingsLayer.read(new Section(
                recorded.settings.argument(), "settings", "setting", recorded.settings.place(), findings));
    }

    /** One tree for each tag: a later one replaces an earlier one of the same tag. */
    private List<RouteTree> readTrees(TreeReader reader) {
        Map<String, RecordedCalls.Call> byTag = new LinkedHashMap<>();
        recorded.routes.forEach(call -> reader.tag(call).ifPresent(tag -> byTag.put(tag, call)));
        List<RouteTree> trees = new ArrayList<>();
        byTag.forEach((tag, call) -> reader.read(tag, call).ifPresent(trees::add));
        return trees;
    }
}
