package io.memroute.lua;

import org.jspecify.annotations.Nullable;

/** Types and metatables of values, and the metamethods found there. */
public final class Metatables {
    public static final LuaString INDEX = LuaString.constant("__index");
    public static final LuaString NEWINDEX = LuaString.constant("__newindex");
    public static final LuaString CALL = LuaString.constant("__call");
    public static final LuaString EQ = LuaString.constant("__eq");
    public static final LuaString LT = LuaString.constant("__lt");
    public static final LuaString LE = LuaString.constant("__le");
    public static final LuaString LEN = LuaString.constant("__len");
    public static final LuaString CONCAT = LuaString.constant("__concat");
    public static final LuaString UNM = LuaString.constant("__unm");
    public static final LuaString ADD = LuaString.constant("__add");
    public static final LuaString SUB = LuaString.constant("__sub");
    public static final LuaString MUL = LuaString.constant("__mul");
    public static final LuaString DIV = LuaString.constant("__div");
    public static final LuaString MOD = LuaString.constant("__mod");
    public static final LuaString POW = LuaString.constant("__pow");
    public static final LuaString IDIV = LuaString.constant("__idiv");
    public static final LuaString BAND = LuaString.constant("__band");
    public static final LuaString BOR = LuaString.constant("__bor");
    public static final LuaString BXOR = LuaString.constant("__bxor");
    public static final LuaString SHL = LuaString.constant("__shl");
    public static final LuaString SHR = LuaString.constant("__shr");
    public static final LuaString BNOT = LuaString.constant("__bnot");
    public static final LuaString CLOSE = LuaString.constant("__close");
    public static final LuaString MODE = LuaString.constant("__mode");
    public static final LuaString NAME = LuaString.constant("__name");
    public static final LuaString TOSTRING = LuaString.constant("__tostring");
    public static final LuaString PAIRS = LuaString.constant("__pairs");
    public static final LuaString METATABLE = LuaString.constant("__metatable");

    private Metatables() {}

    /** The metatable of any value, if it has one. */
    public static @Nullable LuaTable of(LuaState L, Object value) {
        return switch (value) {
            case LuaTable t -> t.metatable;
            case LuaUserdata u -> u.metatable();
            case LuaString s -> L.stringMetatable;
            case null -> L.nilMetatable;
            case Long n -> L.numberMetatable;
            case Double n -> L.numberMetatable;
            case Boolean b -> L.booleanMetatable;
            case LuaFunction f -> L.functionMetatable;
            case Coroutine c -> L.threadMetatable;
            default -> null;
        };
    }

    /** The field {@code event} of the value's metatable, read raw; nil if it has no metatable. */
    public static Object metamethod(LuaState L, Object value, LuaString event) {
        LuaTable meta = of(L, value);
        return meta == null ? null : meta.get(event);
    }

    /** {@code type(value)}. A Java object that is no Lua value otherwise is (light) userdata. */
    public static String typeName(Object value) {
        return switch (value) {
            case null -> "nil";
            case Boolean b -> "boolean";
            case Long n -> "number";
            case Double n -> "number";
            case LuaString s -> "string";
            case LuaTable t -> "table";
            case LuaFunction f -> "function";
            case Coroutine c -> "thread";
            default -> "userdata";
        };
    }

    private static final LuaString NIL = LuaString.constant("nil");
    private static final LuaString BOOLEAN = LuaString.constant("boolean");
    private static final LuaString NUMBER = LuaString.constant("number");
    private static final LuaString STRING = LuaString.constant("string");
    private static final LuaString TABLE = LuaString.constant("table");
    private static final LuaString FUNCTION = LuaString.constant("function");
    private static final LuaString THREAD = LuaString.constant("thread");
    private static final LuaString USERDATA = LuaString.constant("userdata");

    /** {@link #typeName} as a Lua string. */
    public static LuaString type(Object value) {
        if (value instanceof LuaTable) {
            return TABLE;
        }
        if (value instanceof LuaString) {
            return STRING;
        }
        if (value instanceof Long || value instanceof Double) {
            return NUMBER;
        }
        if (value == null) {
            return NIL;
        }
        if (value instanceof LuaFunction) {
            return FUNCTION;
        }
        if (value instanceof Boolean) {
            return BOOLEAN;
        }
        return value instanceof Coroutine ? THREAD : USERDATA;
    }

    /** The type as error messages show it: the metatable's {@code __name} if that is a string. */
    public static String typeNameForMessages(LuaState L, Object value) {
        if ((value instanceof LuaTable || value instanceof LuaUserdata)
                && metamethod(L, value, NAME) instanceof LuaString name) {
            return name.toString();
        }
        return value == null || value instanceof LuaUserdata || !typeName(value).equals("userdata")
                ? typeName(value)
                : "light userdata";
    }

    /** A number that tells this object from others, as {@code tostring} shows it. */
    public static String identity(Object value) {
        return String.format("0x%08x", System.identityHashCode(value));
    }

    /**
     * The metamethods of one metatable that the hottest operations ask for, looked up once. {@link LuaTable} drops it
     * when the table changes.
     */
    static final class Events {
        final Object index;
        final Object newindex;
        final Object call;
        final Object eq;
        final Object len;

        Events(LuaTable meta) {
            index = meta.get(INDEX);
            newindex = meta.get(NEWINDEX);
            call = meta.get(CALL);
            eq = meta.get(EQ);
            len = meta.get(LEN);
        }
    }
}
