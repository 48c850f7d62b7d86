package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.protocol.Command;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.handler.RoutePosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads tables of routes by command: the argument of {@code cmdmap{}} and the value of {@code cmap}. */
final class CommandsReader {

    /** The key for every other command as a text; as a number it is {@code mcp.CMD_ANY_STORAGE}. */
    static final String ALL = "all";

    static final List<String> NAMES = names();

    private final RouteReader routes;
    private final Findings findings;

    CommandsReader(RouteReader routes, Findings findings) {
        this.routes = routes;
        this.findings = findings;
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(Arrays.stream(Command.values())
                .filter(CommandsReader::isRouted)
                .map(Command::word)
                .toList());
        names.add(ALL);
        return List.copyOf(names);
    }

    /** Storage commands but {@code mn}, which the proxy answers itself as a mark in a pipeline. */
    private static boolean isRouted(Command command) {
        return command.isStorage() && command != Command.MN;
    }

    /**
     * @param subject what error messages begin with
     * @param label of the routes' positions
     */
    CommandMap read(String subject, String label, LuaTable entries, Place place) {
        Map<Command, RouteSpec> byCommand = new EnumMap<>(Command.class);
        Optional<RouteSpec> all = Optional.empty();
        Set<String> given = new HashSet<>();
        for (LuaValues.Entry entry : LuaValues.inOrder(entries)) {
            Place at = place.field(entry.plainKey());
            if (isAll(entry.key())) {
                noteSecond(subject, ALL, "ANY_STORAGE", given, at);
                all = readRoute(subject, ALL, entry.value(), at, RoutePosition.of(label, Optional.empty()));
                continue;
            }
            Optional<Command> command = command(subject, entry.key(), at);
            if (command.isPresent()) {
                String word = command.get().word();
                noteSecond(subject, word, word.toUpperCase(Locale.ROOT), given, at);
                readRoute(subject, command.get().word(), entry.value(), at, RoutePosition.of(label, command))
                        .ifPresent(route -> byCommand.put(command.get(), route));
            }
        }
        return new CommandMap(byCommand, all);
    }

    /** Notes an error if a command has an entry by its word and one by its number, of which Lua keeps both. */
    private void noteSecond(String subject, String word, String constant, Set<String> given, Place at) {
        if (!given.add(word)) {
            findings.error(
                    at.where(), subject + ": " + word + " is given twice, as " + word + " and as mcp.CMD_" + constant);
        }
    }

    private static boolean isAll(Object key) {
        return key instanceof LuaString name && name.toString().equals(ALL)
                || key instanceof Long n && n == McpConstants.ANY_STORAGE;
    }

    private Optional<Command> command(String subject, Object key, Place place) {
        Command command = switch (key) {
            case Long id -> Command.ofId(Math.clamp(id, -1, Integer.MAX_VALUE));
            case LuaString word -> byWord(word.toString());
            default -> Command.UNKNOWN;
        };
        if (isRouted(command)) {
            return Optional.of(command);
        }
        String problem;
        if (command == Command.MN) {
            problem = "mn cannot be routed: the proxy answers it itself";
        } else if (command != Command.UNKNOWN) {
            problem = command.word() + " cannot be routed: only commands with a key are";
        } else if (key instanceof LuaString word) {
            problem = "unknown command " + LuaValues.describe(word) + NearestName.hint(word.toString(), NAMES);
        } else {
            problem = "expected a command such as get or mcp.CMD_GET as key, got " + LuaValues.describe(key);
        }
        findings.error(place.where(), subject + ": " + problem);
        return Optional.empty();
    }

    private static Command byWord(String word) {
        return Arrays.stream(Command.values())
                .filter(command -> command != Command.UNKNOWN && command.word().equals(word))
                .findFirst()
                .orElse(Command.UNKNOWN);
    }

    private Optional<RouteSpec> readRoute(
            String subject, String command, Object value, Place place, RoutePosition position) {
        if (value instanceof RouteTerm call) {
            return routes.read(call, position);
        }
        findings.error(
                place.where(),
                subject + ": " + command + ": expected a route such as route_direct{...}, got "
                        + LuaValues.describe(value));
        return Optional.empty();
    }
}
