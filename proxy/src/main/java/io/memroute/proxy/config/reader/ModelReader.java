package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.ProxyConfig;
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
    private final ErrorList errors;

    /** @param main the file to name when something is missing altogether */
    ModelReader(RecordedCalls recorded, SourceLocation main, ErrorList errors) {
        this.recorded = recorded;
        this.main = main;
        this.errors = errors;
    }

    /**
     * The model; of no use if errors have been noted.
     *
     * @param complete whether the files ran to their ends; if not, what is missing is not an error
     */
    Optional<LoadedConfig> read(boolean complete) {
        SettingsLayer settings = readTunables().with(readSettings());
        PoolNames pools = new PoolsReader(settings, errors).read(recorded.pools);
        if (!recorded.routesCalled && complete) {
            errors.add(main, "routes{} is missing: nothing says where requests go");
        }
        RouteReader routes =
                new RouteReader(pools, Optional.ofNullable(recorded.localZone), complete, errors);
        List<RouteTree> trees = readTrees(new TreeReader(routes, errors));
        if (!errors.isEmpty()) {
            return Optional.empty();
        }
        ProxyConfig config = new ProxyConfig(settings.complete(), pools.pools(), pools.sets(), trees);
        return Optional.of(new LoadedConfig(
                config, new TestsReader(config, errors).read(recorded.tests), Optional.ofNullable(recorded.localZone)));
    }

    private SettingsLayer readTunables() {
        return SettingsLayer.read(new Section(recorded.tunables, "mcp", "tunable",
                new Place.OfCalls(main, recorded.tunablePlaces), errors));
    }

    private SettingsLayer readSettings() {
        if (recorded.settings == null) {
            return SettingsLayer.NONE;
        }
        return SettingsLayer.read(new Section(
                recorded.settings.argument(), "settings", "setting", recorded.settings.place(), errors));
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
