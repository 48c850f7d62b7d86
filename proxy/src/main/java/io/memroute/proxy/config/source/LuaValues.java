package io.memroute.proxy.config.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lua values as configuration reads them: their texts, their order, and how an error names them. */
public final class LuaValues {

    /** Longer strings are cut in error messages: enough to recognise one. */
    private static final int LONGEST_QUOTED_CHARS = 60;

    private LuaValues() {}

    /** A key of a table with its value. */
    public record Entry(Object key, Object value) {

        /** The key as {@link Place#field} takes it and people read it: a {@code Long}, or a {@code String}. */
        public Object plainKey() {
            return key instanceof Long ? key : key.toString();
        }
    }

    /**
     * A table's entries in a fixed order, since Lua keeps none: numbers ascending, then strings by their bytes, then
     * everything else.
     */
    public static List<Entry> inOrder(LuaTable table) {
        List<Entry> entries = new ArrayList<>();
        for (int position = table.next(-1); position >= 0; position = table.next(position)) {
            if (table.valueAt(position) != null) {
                entries.add(new Entry(table.keyAt(position), table.valueAt(position)));
            }
        }
        entries.sort(Comparator.comparing(Entry::key, LuaValues::compareKeys));
        return entries;
    }

    private static int compareKeys(Object a, Object b) {
        if (a instanceof Long m && b instanceof Long n) {
            return Long.compare(m, n);
        }
        if (a instanceof LuaString s && b instanceof LuaString t) {
            return s.compareTo(t);
        }
        return Integer.compare(rank(a), rank(b));
    }

    private static int rank(Object key) {
        return switch (key) {
            case Long n -> 0;
            case LuaString s -> 1;
            default -> 2;
        };
    }

    /** A string's text, if its bytes are UTF-8. */
    public static Optional<String> utf8(LuaString string) {
        try {
            return Optional.of(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(string.bytes())).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** A value as an error message names it: strings quoted, other plain values as they are, the rest by kind. */
    public static String describe(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case Boolean b -> b.toString();
            case Long n -> n.toString();
            case Double d -> LuaNumber.toString(d).toString();
            case LuaString s -> quote(s.toString());
            case LuaTable t -> "a table";
            case LuaFunction f -> "a function";
            case Term term -> term.shown();
            default -> "a userdata";
        };
    }

    /** A key as text, for comparing with names. */
    public static String text(Object key) {
        return key instanceof LuaString string ? string.toString() : describe(key);
    }

    public static String quote(String text) {
        String shown = text.length() > LONGEST_QUOTED_CHARS ? text.substring(0, LONGEST_QUOTED_CHARS) + "..." : text;
        return '"' + shown + '"';
    }
}
