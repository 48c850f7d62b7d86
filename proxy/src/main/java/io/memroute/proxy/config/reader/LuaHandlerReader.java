package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.SharedObject;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.config.source.SourceFiles;
import io.memroute.proxy.handler.LuaHandlerSpec;
import io.memroute.proxy.handler.RoutePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads routes whose handlers the configuration's own files define: calls {@code route_NAME_conf}, and copies what it
 * returns. A function that a file gives to one of the library's own handlers takes that handler's place.
 *
 * <p>Longer than 300 lines: what is read before a function runs is compared with what it returns, in one class.
 *
 * @see "docs/reference/route-library.md sections 3.1 and 4.1"
 */
public final class LuaHandlerReader {

    /** Tables in each other; more is a table that contains itself. */
    private static final int MAX_DEPTH = 100;

    /** Bounds the values of one route; tables that hold a table twice can grow to more than memory holds. */
    private static final int MAX_VALUES = 1_000_000;

    private final LuaState lua;
    private final SourceFiles sources;
    private final Findings findings;
    private final ConfContext.Maker contexts;
    private final Set<String> used = new TreeSet<>();

    LuaHandlerReader(LuaState lua, SourceFiles sources, ConfContext.Maker contexts, Findings findings) {
        this.lua = lua;
        this.sources = sources;
        this.contexts = contexts;
        this.findings = findings;
    }

    /** Whether there is a function for a handler. */
    boolean define(String handler) {
        return configure(handler) != null || start(lua, handler) != null;
    }

    private @Nullable LuaFunction configure(String handler) {
        return lua.global("route_" + handler + "_conf") instanceof LuaFunction function ? function : null;
    }

    /** The function that a state has for making a handler's routes, if it has one. */
    static @Nullable LuaFunction start(LuaState lua, String handler) {
        return lua.global("route_" + handler + "_start") instanceof LuaFunction function ? function : null;
    }

    /** The handlers that the routes read so far need. */
    Set<String> used() {
        return used;
    }

    /** The route; empty if it has errors, which have been noted. */
    Optional<LuaHandlerSpec> read(RouteTerm call, RoutePosition position, ChildReader children) {
        used.add(call.handler());
        LuaFunction configure = configure(call.handler());
        if (configure == null || start(lua, call.handler()) == null) {
            findings.error(
                    call.place().where(),
                    call.function() + ": no function " + call.function()
                            + (configure == null ? "_conf(arguments, ctx)" : "_start(arguments, ctx, fgen)")
                            + " is defined");
            return Optional.empty();
        }
        return new Reading(call, position, children).read(configure);
    }

    /** One route at one place. */
    private final class Reading {
        private final RouteTerm call;
        private final RoutePosition position;
        private final ChildReader children;
        private final Map<String, ReadChild> readChildren = new HashMap<>();
        private boolean failed;
        private int values;
        /** The rest of an argument is not worth looking at, and may have no end. */
        private boolean giveUp;

        /** An argument of children, and what it was when it was read. */
        private record ReadChild(@Nullable Object value, List<LuaValues.Entry> entries, HandlerValue read) {}

        Reading(RouteTerm call, RoutePosition position, ChildReader children) {
            this.call = call;
            this.position = position;
            this.children = children;
        }

        Optional<LuaHandlerSpec> read(LuaFunction configure) {
            LuaTable arguments = ownCopy(call.arguments());
            // Children first: the function may count on them being good, and on those nested in it being configured.
            Section given = section(arguments);
            for (LuaValues.Entry entry : given.entries()) {
                if (isChildren(entry.key())) {
                    children(given, entry.key().toString());
                }
            }
            if (failed) {
                return Optional.empty();
            }
            LuaTable configured = configured(configure, arguments);
            if (configured == null) {
                return Optional.empty();
            }
            HandlerValue.Table copied = copy(section(configured));
            return failed
                    ? Optional.empty()
                    : Optional.of(new LuaHandlerSpec(
                            call.handler(),
                            position.label(),
                            position.command(),
                            copied,
                            call.place().where()));
        }

        private Section section(LuaTable arguments) {
            return new Section(arguments, call.function(), "argument", call.place(), findings);
        }

        /** The arguments in tables that no other place shares; a wrap has become the routes that it stands for. */
        private LuaTable ownCopy(LuaTable arguments) {
            Map<LuaTable, LuaTable> copies = new IdentityHashMap<>();
            LuaTable copy = new LuaTable();
            for (LuaValues.Entry entry : LuaValues.inOrder(arguments)) {
                Object value = entry.value();
                if (value instanceof RouteTerm wrap && ChildWrap.isWrap(wrap)) {
                    Optional<LuaTable> routes = children.expand(wrap, findings);
                    if (routes.isEmpty()) {
                        failed = true;
                        continue;
                    }
                    value = routes.get();
                } else if (value instanceof LuaTable table) {
                    value = tableCopy(table, copies);
                }
                copy.put(entry.key(), value);
            }
            return copy;
        }

        private static LuaTable tableCopy(LuaTable table, Map<LuaTable, LuaTable> copies) {
            LuaTable copy = copies.get(table);
            if (copy == null) {
                copy = new LuaTable();
                copies.put(table, copy);
                for (int at = table.next(-1); at >= 0; at = table.next(at)) {
                    Object value = table.valueAt(at);
                    copy.put(table.keyAt(at), value instanceof LuaTable inner ? tableCopy(inner, copies) : value);
                }
            }
            return copy;
        }

        /** Calls the function and returns its table, unless it failed. */
        private @Nullable LuaTable configured(LuaFunction configure, LuaTable arguments) {
            String function = call.function() + "_conf";
            try {
                Object returned = Results.first(lua.run(configure, arguments, contexts.at(position)));
                if (returned instanceof LuaTable table) {
                    return table;
                }
                findings.error(
                        call.place().where(),
                        function + ": expected it to return the table of arguments, got "
                                + LuaValues.describe(returned));
            } catch (LuaError e) {
                SourceFiles.Located located = sources.locate(e, call.place().where());
                String user =
                        located.where().toString().equals(call.place().where().toString())
                                ? ""
                                : " (" + call.function() + " at " + call.place().where() + ")";
                findings.error(located.where(), function + ": " + located.message() + user);
            }
            return null;
        }

        private static boolean isChildren(Object key) {
            return key instanceof LuaString name && name.toString().startsWith(LuaHandlerSpec.CHILD);
        }

        private HandlerValue.Table copy(Section arguments) {
            List<HandlerValue.Entry> copied = new ArrayList<>();
            for (LuaValues.Entry entry : arguments.entries()) {
                String name = entry.plainKey().toString();
                giveUp = false;
                HandlerValue value = isChildren(entry.key())
                        ? children(arguments, name)
                        : plain(arguments, name, name, entry.value(), 0);
                add(copied, arguments, name, entry.key(), value);
            }
            return new HandlerValue.Table(copied);
        }

        private void add(
                List<HandlerValue.Entry> to,
                Section arguments,
                String argument,
                Object key,
                @Nullable HandlerValue value) {
            HandlerValue.Key copied = switch (key) {
                case LuaString text -> new HandlerValue.Text(text);
                case Long whole -> new HandlerValue.Whole(whole);
                case Double fraction -> new HandlerValue.Fraction(fraction);
                default -> null;
            };
            if (copied == null) {
                fail(
                        arguments,
                        argument,
                        "has a key that is neither a string nor a number: " + LuaValues.describe(key));
            } else if (value != null) {
                to.add(new HandlerValue.Entry(copied, value));
            }
        }

        /** Reads a value, unless it has errors, which are noted. */
        private @Nullable HandlerValue plain(Section arguments, String argument, String path, Object value, int depth) {
            if (++values > MAX_VALUES) {
                giveUp = true;
                fail(
                        arguments,
                        argument,
                        "has more than " + MAX_VALUES + " values; does it hold the same table several times?");
                return null;
            }
            switch (value) {
                case Boolean flag -> {
                    return new HandlerValue.Flag(flag);
                }
                case Long whole -> {
                    return new HandlerValue.Whole(whole);
                }
                case Double fraction -> {
                    return new HandlerValue.Fraction(fraction);
                }
                case LuaString text -> {
                    return new HandlerValue.Text(text);
                }
                case LuaTable table
                when depth == MAX_DEPTH -> {
                    giveUp = true;
                    fail(
                            arguments,
                            argument,
                            "is nested more than " + MAX_DEPTH + " tables deep; does it contain itself?");
                }
                case LuaTable table -> {
                    List<HandlerValue.Entry> entries = new ArrayList<>();
                    for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
                        if (giveUp) {
                            return null;
                        }
                        add(
                                entries,
                                arguments,
                                argument,
                                entry.key(),
                                plain(arguments, argument, path + "." + entry.plainKey(), entry.value(), depth + 1));
                    }
                    return new HandlerValue.Table(entries);
                }
                case SharedObject shared -> {
                    return new HandlerValue.Shared(shared);
                }
                case RouteTerm route ->
                    fail(
                            arguments,
                            argument,
                            "is a route; routes and pools can only be given in arguments whose names begin with "
                                    + LuaHandlerSpec.CHILD);
                default ->
                    fail(
                            arguments,
                            argument,
                            (path.equals(argument) ? "" : path + " ") + "is " + LuaValues.describe(value)
                                    + ", which cannot be passed to workers; expected strings, numbers, booleans and"
                                    + " tables of these");
            }
            return null;
        }

        private void fail(Section arguments, String argument, String problem) {
            failed = true;
            arguments.fail(argument, problem);
        }

        /**
         * The children that an argument gives, read once unless the function changed them. Gives nothing if they have
         * errors.
         */
        private @Nullable HandlerValue children(Section arguments, String argument) {
            Object value = arguments.value(argument);
            List<LuaValues.Entry> entries = value instanceof LuaTable table ? LuaValues.inOrder(table) : List.of();
            ReadChild known = readChildren.get(argument);
            if (known != null
                    && Objects.equals(known.value(), value)
                    && known.entries().equals(entries)) {
                return known.read();
            }
            HandlerValue read = readChildren(arguments, argument, value);
            if (read == null) {
                failed = true;
            } else {
                readChildren.put(argument, new ReadChild(value, entries, read));
            }
            return read;
        }

        private @Nullable HandlerValue readChildren(Section arguments, String argument, @Nullable Object value) {
            if (value instanceof LuaTable table && table.next(-1) < 0) {
                return new HandlerValue.Table(List.of());
            }
            if (value instanceof LuaTable || value instanceof LuaString name && children.isSet(name.toString())) {
                return children.children(arguments, argument, position)
                        .map(Reading::table)
                        .orElse(null);
            }
            return children.child(arguments, argument, position)
                    .map(HandlerValue.Child::new)
                    .orElse(null);
        }

        private static HandlerValue table(List<ZonedChild> children) {
            List<HandlerValue.Entry> entries = new ArrayList<>();
            for (int i = 0; i < children.size(); i++) {
                ChildSpec child = children.get(i).child();
                entries.add(new HandlerValue.Entry(
                        HandlerValue.key(children.get(i).zone(), i), new HandlerValue.Child(child)));
            }
            return new HandlerValue.Table(entries);
        }
    }
}
