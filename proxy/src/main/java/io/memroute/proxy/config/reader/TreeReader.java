package io.memroute.proxy.config.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.protocol.Command;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.CommandMapTerm;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.RoutePosition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@code routes{}} was called with into a tree. */
final class TreeReader {

    static final Set<String> KEYS = Set.of("map", "cmap", "default", "conf", "tag", SettingsLayer.MISS_ON_ERROR);
    private static final int MAX_TAG_BYTES = 8;
    private static final String DEFAULT = "default";

    private final RouteReader routes;
    private final Settings settings;
    private final Findings findings;

    /** @param settings what holds where a tree says nothing else */
    TreeReader(RouteReader routes, Settings settings, Findings findings) {
        this.routes = routes;
        this.settings = settings;
        this.findings = findings;
    }

    /** The tag of a tree, {@code ""} without one; empty if it is wrong, which has been noted. */
    Optional<String> tag(Recording.Statement call) {
        Section section = section(call);
        if (!section.has("tag")) {
            return Optional.of("");
        }
        Optional<String> tag = section.text("tag");
        if (tag.isPresent()) {
            int bytes = tag.get().getBytes(UTF_8).length;
            if (bytes < 1 || bytes > MAX_TAG_BYTES) {
                section.fail("tag", "expected 1 to " + MAX_TAG_BYTES + " bytes, got " + LuaValues.quote(tag.get()));
                return Optional.empty();
            }
        }
        return tag;
    }

    private Section section(Recording.Statement call) {
        return new Section(call.argument(), "routes", "key", call.place(), findings);
    }

    /** The tree; empty if it has errors, which have been noted. */
    Optional<RouteTree> read(String tag, Recording.Statement call) {
        Section section = section(call);
        section.allowOnly(KEYS);
        PrefixRule rule =
                section.section("conf", "key").map(PrefixRuleReader::read).orElse(PrefixRule.DEFAULT);
        if (section.has("conf") && !section.has("map")) {
            section.warn(Warning.Kind.NO_EFFECT, "conf", "has no effect without map");
        }
        Map<String, CommandMap> map = section.section("map", "prefix")
                .map(prefixes -> readMap(prefixes, rule))
                .orElse(Map.of());
        Optional<CommandMap> cmap = readCmap(section);
        Optional<RouteSpec> defaultRoute = readDefault(section);
        boolean missOnError = section.flag(SettingsLayer.MISS_ON_ERROR).orElse(settings.missOnError());
        if (!section.has("map") && !section.has("cmap") && !section.has(DEFAULT)) {
            section.fail("expected at least one of map, cmap and default");
            return Optional.empty();
        }
        if (isEmpty(section.value("map")) && isEmpty(section.value("cmap")) && !section.has(DEFAULT)) {
            section.fail("holds no route: map and cmap are empty");
            return Optional.empty();
        }
        Map<Command, RouteSpec> byCommand = cmap.map(CommandMap::routes).orElse(Map.of());
        Optional<RouteSpec> otherwise = defaultRoute.or(() -> cmap.flatMap(CommandMap::all));
        return map.isEmpty() && byCommand.isEmpty() && otherwise.isEmpty()
                ? Optional.empty()
                : Optional.of(new RouteTree(
                        tag,
                        rule,
                        map,
                        byCommand,
                        otherwise,
                        missOnError,
                        call.place().where()));
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null || value instanceof LuaTable table && table.next(-1) < 0;
    }

    private Map<String, CommandMap> readMap(Section section, PrefixRule rule) {
        Map<String, CommandMap> map = new LinkedHashMap<>();
        for (LuaValues.Entry entry : section.entries()) {
            Place place = section.place(entry.plainKey());
            if (!(entry.key() instanceof LuaString bytes)) {
                findings.error(
                        place.where(),
                        "routes: map: expected prefixes in quotes as keys, got " + LuaValues.describe(entry.key()));
                continue;
            }
            Optional<String> prefix = LuaValues.utf8(bytes);
            if (prefix.isEmpty()) {
                findings.error(place.where(), "routes: map: expected UTF-8 text as prefixes, got other bytes");
                continue;
            }
            String problem = neverMatches(prefix.get(), rule);
            if (problem != null) {
                findings.error(place.where(), "routes: map: prefix " + LuaValues.quote(prefix.get()) + " " + problem);
            } else {
                DoubtfulPrefix.problem(prefix.get(), rule)
                        .ifPresent(doubt -> findings.warn(
                                Warning.Kind.DOUBTFUL_PREFIX,
                                place.where(),
                                "routes: map: prefix " + LuaValues.quote(prefix.get()) + " " + doubt));
            }
            readMapValue(prefix.get(), entry.value(), place).ifPresent(commands -> map.put(prefix.get(), commands));
        }
        return map;
    }

    /** The reason for which no key can have this prefix, if there is one. */
    private static @Nullable String neverMatches(String prefix, PrefixRule rule) {
        if (prefix.isEmpty()) {
            return "can never match: it is empty";
        }
        if (prefix.contains(rule.stop())) {
            return "can never match: it contains " + LuaValues.quote(rule.stop()) + ", which ends a prefix";
        }
        if (prefix.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            return "can never match: it contains a space or control character";
        }
        return null;
    }

    private Optional<CommandMap> readMapValue(String prefix, Object value, Place place) {
        return switch (value) {
            case RouteTerm call ->
                routes.read(call, RoutePosition.of(prefix, Optional.empty())).map(CommandMap::forAll);
            case CommandMapTerm call ->
                Optional.of(new CommandsReader(routes, findings).read("cmdmap", prefix, call.entries(), call.place()));
            default -> {
                findings.error(
                        place.where(),
                        "routes: map: " + prefix + ": expected a route such as route_direct{...} or"
                                + " cmdmap{...}, got " + LuaValues.describe(value));
                yield Optional.empty();
            }
        };
    }

    private Optional<CommandMap> readCmap(Section section) {
        Object value = section.value("cmap");
        return switch (value) {
            case null -> Optional.empty();
            case CommandMapTerm call -> readCmap(section, call.entries(), call.place());
            case LuaTable table -> readCmap(section, table, section.place("cmap"));
            default -> {
                section.expected("cmap", "a table of routes by command", value);
                yield Optional.empty();
            }
        };
    }

    private Optional<CommandMap> readCmap(Section section, LuaTable entries, Place place) {
        CommandMap cmap = new CommandsReader(routes, findings).read("routes: cmap", RoutePosition.CMAP, entries, place);
        if (cmap.all().isPresent() && section.has(DEFAULT)) {
            section.fail("cmap", "its entry \"all\" and default mean the same; give only one of them");
        }
        return Optional.of(cmap);
    }

    private Optional<RouteSpec> readDefault(Section section) {
        Object value = section.value(DEFAULT);
        return switch (value) {
            case null -> Optional.empty();
            case RouteTerm call -> routes.read(call, RoutePosition.of(RoutePosition.DEFAULT, Optional.empty()));
            case CommandMapTerm call -> {
                section.fail(DEFAULT, "expected a route, got cmdmap{...}; routes by command belong in cmap");
                yield Optional.empty();
            }
            default -> {
                section.expected(DEFAULT, "a route such as route_direct{...}", value);
                yield Optional.empty();
            }
        };
    }
}
