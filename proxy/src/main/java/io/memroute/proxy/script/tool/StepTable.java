package io.memroute.proxy.script.tool;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import org.jspecify.annotations.Nullable;

/** The description of one step, with the messages about errors in it. */
final class StepTable {

    private static final int LOWEST_FLAG = 'A';
    private static final int HIGHEST_FLAG = 'z';

    private final LuaState lua;
    private final LuaTable table;
    private final String tool;
    private final int number;

    /**
     * @param tool {@code inspector} or {@code mutator}
     * @param number the step's, from 1
     */
    StepTable(LuaState lua, Object argument, String tool, int number) {
        this.lua = lua;
        this.table = Args.table(lua, argument, number);
        this.tool = tool;
        this.number = number;
    }

    LuaError error(String problem) {
        return new LuaError(tool + " step " + number + ": " + problem);
    }

    /** The kind of step. */
    String kind() {
        return required("t") instanceof LuaString kind ? kind.toString() : "";
    }

    /** The error of a step whose kind does not fit the tool. */
    LuaError incompatible() {
        return error("step incompatible with " + tool + " type");
    }

    /** The value of a field, if it is there. */
    @Nullable
    Object field(String name) {
        return lua.index(table, LuaString.of(name));
    }

    Object required(String name) {
        Object value = field(name);
        if (value == null) {
            throw error("must provide '" + name + "' argument");
        }
        return value;
    }

    /** A field that must be there, as text: empty if it is neither a string nor a number. */
    LuaString text(String name) {
        return text(required(name));
    }

    static LuaString text(@Nullable Object value) {
        return switch (value) {
            case LuaString text -> text;
            case Long n -> LuaNumber.toString(n);
            case Double d -> LuaNumber.toString(d);
            case null, default -> LuaString.EMPTY;
        };
    }

    /** The value of an integer, or of a float with an integral value; anything else has none. */
    static @Nullable Long integer(@Nullable Object value) {
        return value instanceof LuaString ? null : LuaNumber.toInteger(value);
    }

    /** The letter of the field {@code flag}. */
    int flag() {
        LuaString flag = text("flag");
        if (flag.length() != 1) {
            throw error("'flag' must be a single character");
        }
        int letter = flag.byteAt(0);
        if (letter < LOWEST_FLAG || letter > HIGHEST_FLAG) {
            throw new LuaError((tool.equals("inspector") ? "inspect" : tool) + " step " + number
                    + ": 'flag' must be alphanumeric");
        }
        return letter;
    }

    /**
     * The field {@code idx}: which of a mutator's arguments is meant, counted from 1 behind the object that is written.
     */
    int argument() {
        Long index = integer(required("idx"));
        if (index == null) {
            throw error("must provide 'idx' argument as an integer");
        }
        if (index < 1) {
            throw error("'idx' argument must be greater than 0");
        }
        return (int) Math.min(index, Integer.MAX_VALUE);
    }
}
