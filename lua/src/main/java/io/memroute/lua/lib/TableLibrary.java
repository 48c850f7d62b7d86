package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Metatables;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.NumberText;
import io.memroute.lua.text.TextError;

/**
 * The {@code table} library (manual section 6.6). All functions respect metamethods; tables without a metatable take a
 * shorter way. {@code sort} is in {@link TableSort}.
 */
public final class TableLibrary implements LuaLibrary {
    /** More results than this would not fit the stack of C Lua (LUAI_MAXSTACK). */
    private static final int MAX_RESULTS = 1_000_000;

    /** The most bytes that a value takes in an array. */
    private static final int VALUE_BYTES = 8;

    /** Loop turns that are charged together. A power of two. */
    private static final int BUDGET_INTERVAL = 1024;

    private static final LuaString N = LuaString.constant("n");

    @Override
    public String name() {
        return "table";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable library = new LuaTable();
        for (LuaFunction function : new LuaFunction[] {
            new Concat(), new Insert(), new Move(), new Pack(), new Remove(), new TableSort(), new Unpack(),
        }) {
            library.put(function.name(), function);
        }
        return library;
    }

    /** Checks that a value is a table or has the metamethods to be used as one. */
    static void check(LuaState L, Object value, int n, boolean read, boolean write, boolean length) {
        if (value instanceof LuaTable) {
            return;
        }
        LuaTable meta = L.metatable(value);
        if (meta == null
                || (read && meta.get(Metatables.INDEX) == null)
                || (write && meta.get(Metatables.NEWINDEX) == null)
                || (length && meta.get(Metatables.LEN) == null)) {
            throw Args.typeError(L, value, n, "table");
        }
    }

    /** {@code #value} as an integer. */
    static long length(LuaState L, Object value) {
        if (value instanceof LuaTable t && t.metatable() == null) {
            return t.length();
        }
        Long length = LuaNumber.toInteger(L.length(value));
        if (length == null) {
            throw L.error("object length is not an integer");
        }
        return length;
    }

    static Object get(LuaState L, Object table, long index) {
        return table instanceof LuaTable t && t.metatable() == null ? t.get(index) : L.index(table, index);
    }

    static void set(LuaState L, Object table, long index, Object value) {
        if (table instanceof LuaTable t && t.metatable() == null) {
            t.put(index, value);
        } else {
            L.setIndex(table, index, value);
        }
    }

    /** Whether the elements can be moved inside the array part, no metamethod being involved. */
    private static boolean isPlain(Object value) {
        return value instanceof LuaTable t && t.metatable() == null && !t.isWeak();
    }

    private static final class Insert extends VarFunction {
        Insert() {
            super("insert");
        }

        @Override
        public Object call(LuaState L, Object table, Object value) {
            if (table instanceof LuaTable t && t.metatable() == null) {
                t.put(t.length() + 1, value);
                return Results.NONE;
            }
            check(L, table, 1, true, true, true);
            set(L, table, length(L, table) + 1, value);
            return Results.NONE;
        }

        @Override
        public Object call(LuaState L, Object table, Object position, Object value) {
            check(L, table, 1, true, true, true);
            long end = length(L, table) + 1;
            long at = Args.integer(L, position, 2);
            if (Long.compareUnsigned(at - 1, end) >= 0) {
                throw Args.bad(L, 2, "position out of bounds");
            }
            L.chargeBytes(VALUE_BYTES * (end - at));
            if (isPlain(table) && ((LuaTable) table).insertElement(at, value)) {
                return Results.NONE;
            }
            for (long i = end; i > at; i--) {
                set(L, table, i, get(L, table, i - 1));
                if ((i & BUDGET_INTERVAL - 1) == 0) {
                    L.charge(BUDGET_INTERVAL);
                }
            }
            set(L, table, at, value);
            return Results.NONE;
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            switch (args.length) {
                case 2:
                    return call(L, args[0], args[1]);
                case 3:
                    return call(L, args[0], args[1], args[2]);
                default:
                    if (args.length == 0) {
                        Args.table(L, args, 1);
                    }
                    check(L, args[0], 1, true, true, true);
                    length(L, args[0]);
                    throw L.error("wrong number of arguments to 'insert'");
            }
        }
    }

    private static final class Remove extends Function2 {
        Remove() {
            super("remove");
        }

        @Override
        public Object call(LuaState L, Object table, Object position) {
            check(L, table, 1, true, true, true);
            long size = length(L, table);
            long at = position == null ? size : Args.integer(L, position, 2);
            if (at != size && Long.compareUnsigned(at - 1, size) > 0) {
                throw Args.bad(L, 2, "position out of bounds");
            }
            if (isPlain(table) && at >= 1 && at <= size) {
                L.chargeBytes(VALUE_BYTES * (size - at));
                return ((LuaTable) table).removeElement(at);
            }
            Object removed = get(L, table, at);
            for (; at < size; at++) {
                set(L, table, at, get(L, table, at + 1));
                if ((at & BUDGET_INTERVAL - 1) == 0) {
                    L.charge(BUDGET_INTERVAL);
                }
            }
            set(L, table, at, null);
            return removed;
        }
    }

    private static final class Move extends VarFunction {
        Move() {
            super("move");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            long from = Args.integer(L, args, 2);
            long end = Args.integer(L, args, 3);
            long to = Args.integer(L, args, 4);
            Object source = Args.at(args, 1);
            Object target = Args.at(args, 5) == null ? source : args[4];
            check(L, source, 1, true, false, false);
            check(L, target, Args.at(args, 5) == null ? 1 : 5, false, true, false);
            if (end < from) {
                return target;
            }
            if (from <= 0 && end >= Long.MAX_VALUE + from) {
                throw Args.bad(L, 3, "too many elements to move");
            }
            long count = end - from + 1;
            if (to > Long.MAX_VALUE - count + 1) {
                throw Args.bad(L, 4, "destination wrap around");
            }
            boolean upwards = to > end || to <= from || (target != source && !L.equal(source, target));
            for (long k = 0; k < count; k++) {
                long i = upwards ? k : count - 1 - k;
                set(L, target, to + i, get(L, source, from + i));
                if ((k & BUDGET_INTERVAL - 1) == BUDGET_INTERVAL - 1) {
                    L.charge(BUDGET_INTERVAL);
                }
            }
            return target;
        }
    }

    private static final class Concat extends VarFunction {
        private final ScratchBuffers buffers = new ScratchBuffers();

        Concat() {
            super("concat");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Object table = Args.at(args, 1);
            if (!(table instanceof LuaTable)) {
                if (args.length == 0) {
                    Args.table(L, args, 1);
                }
                check(L, table, 1, true, false, true);
            }
            long size = length(L, table);
            LuaString separator = Args.optString(L, args, 2, LuaString.EMPTY);
            long first = Args.optInteger(L, args, 3, 1);
            long last = Args.optInteger(L, args, 4, size);
            ByteBuilder out = buffers.take(L);
            try {
                concat(L, table, separator.bytes(), first, last, out);
                L.reserve(out.length());
                return LuaString.copyOf(out.array(), 0, out.length());
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            } finally {
                buffers.give(out);
            }
        }

        private static void concat(LuaState L, Object table, byte[] separator, long first, long last, ByteBuilder out) {
            for (long i = first; i <= last; i++) {
                Object value = get(L, table, i);
                if (value instanceof LuaString s) {
                    out.append(s.bytes());
                } else if (value instanceof Long n) {
                    NumberText.append(out, n.longValue());
                } else if (value instanceof Double d) {
                    NumberText.append(out, d.doubleValue());
                } else {
                    String type = Metatables.typeName(value);
                    throw L.error("invalid value (" + type + ") at index " + i + " in table for 'concat'");
                }
                if (i == last) {
                    return;
                }
                out.append(separator);
                if ((i & BUDGET_INTERVAL - 1) == 0) {
                    L.charge(BUDGET_INTERVAL);
                }
            }
        }
    }

    private static final class Pack extends VarFunction {
        Pack() {
            super("pack");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            L.reserve((long) VALUE_BYTES * args.length);
            LuaTable table = LuaTable.ofArray(args.clone());
            table.put(N, (long) args.length);
            return table;
        }
    }

    private static final class Unpack extends VarFunction {
        Unpack() {
            super("unpack");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Object list = Args.at(args, 1);
            long first = Args.optInteger(L, args, 2, 1);
            long last = Args.at(args, 3) == null ? length(L, list) : Args.integer(L, args, 3);
            if (first > last) {
                return Results.NONE;
            }
            long count = last - first;
            if (count < 0 || count >= MAX_RESULTS) {
                throw L.error("too many results to unpack");
            }
            if (count == 0) {
                return get(L, list, first);
            }
            L.reserve(VALUE_BYTES * count);
            L.charge((int) count / 4);
            Object[] values = new Object[(int) count + 1];
            for (int i = 0; i < values.length; i++) {
                values[i] = get(L, list, first + i);
            }
            return Results.of(values);
        }
    }
}
