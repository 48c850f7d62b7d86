package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.Function2;
import io.memroute.lua.Function3;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.text.Ascii;

/**
 * The {@code string} library (manual section 6.4): the functions that take strings apart and put them together.
 * Searching is in {@link PatternFunctions}, {@code format} in {@link FormatFunction}, {@code pack} in
 * {@link PackFunctions}, arithmetic on strings in {@link StringArithmetic}.
 */
public final class StringLibrary implements LuaLibrary {
    /** The longest string a function makes (C Lua's MAX_SIZE for this library, INT_MAX). */
    private static final long MAX_LENGTH = Integer.MAX_VALUE;

    /** Results of {@code byte} beyond this would not fit the stack of C Lua either (LUAI_MAXSTACK). */
    private static final int MAX_RESULTS = 1_000_000;

    /** Allocations below this are not worth asking the budget. */
    private static final int RESERVED_FROM = 4096;

    @Override
    public String name() {
        return "string";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable library = new LuaTable();
        add(library, new Byte());
        add(library, new Char());
        add(library, new Dump());
        add(library, new Len());
        add(library, new Lower());
        add(library, new Rep());
        add(library, new Reverse());
        add(library, new Sub());
        add(library, new Upper());
        add(library, new FormatFunction());
        PatternFunctions.addTo(library, L);
        PackFunctions.addTo(library);
        LuaTable meta = new LuaTable().put("__index", library);
        StringArithmetic.addTo(meta);
        L.setStringMetatable(meta);
        return library;
    }

    private static void add(LuaTable library, LuaFunction function) {
        library.put(function.name(), function);
    }

    private static final class Byte extends Function3 {
        Byte() {
            super("byte");
        }

        @Override
        public Object call(LuaState L, Object text, Object from, Object to) {
            LuaString s = Args.string(L, text, 1);
            int length = s.length();
            long first = from == null ? 1 : Args.integer(L, from, 2);
            long start = Positions.start(first, length);
            int end = to == null ? Positions.end(first, length) : Positions.end(Args.integer(L, to, 3), length);
            if (start > end) {
                return Results.NONE;
            }
            int at = (int) start - 1;
            if (end - at == 1) {
                return ByteValues.of(s.byteAt(at));
            }
            if (end - at > MAX_RESULTS) {
                throw L.error("string slice too long");
            }
            L.reserve(8L * (end - at));
            Object[] bytes = new Object[end - at];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = ByteValues.of(s.byteAt(at + i));
            }
            return Results.of(bytes);
        }
    }

    private static final class Char extends VarFunction {
        Char() {
            super("char");
        }

        @Override
        public Object call(LuaState L, Object code) {
            return LuaString.ofByte(code(L, code, 1));
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            byte[] bytes = allocate(L, args.length);
            for (int i = 0; i < args.length; i++) {
                bytes[i] = (byte) code(L, args[i], i + 1);
            }
            return LuaString.wrap(bytes);
        }

        private static int code(LuaState L, Object value, int n) {
            long code = Args.integer(L, value, n);
            if (code < 0 || code > 255) {
                throw Args.bad(L, n, "value out of range");
            }
            return (int) code;
        }
    }

    /** The chunk's text in a binary wrapping, as compiled functions have no portable form; see {@link Chunk#dump}. */
    private static final class Dump extends Function2 {
        Dump() {
            super("dump");
        }

        @Override
        public Object call(LuaState L, Object function, Object strip) {
            return Chunk.dump(L, Args.function(L, function, 1), Args.truth(strip));
        }
    }

    private static final class Len extends Function1 {
        Len() {
            super("len");
        }

        @Override
        public Object call(LuaState L, Object text) {
            return (long) Args.string(L, text, 1).length();
        }
    }

    private static final class Lower extends Function1 {
        Lower() {
            super("lower");
        }

        @Override
        public Object call(LuaState L, Object text) {
            LuaString s = Args.string(L, text, 1);
            byte[] bytes = s.bytes();
            for (int i = 0; i < bytes.length; i++) {
                if (Ascii.isUpper(bytes[i])) {
                    byte[] lower = copy(L, bytes);
                    for (int k = i; k < lower.length; k++) {
                        lower[k] = (byte) Ascii.toLower(lower[k]);
                    }
                    return LuaString.wrap(lower);
                }
            }
            return s;
        }
    }

    private static final class Upper extends Function1 {
        Upper() {
            super("upper");
        }

        @Override
        public Object call(LuaState L, Object text) {
            LuaString s = Args.string(L, text, 1);
            byte[] bytes = s.bytes();
            for (int i = 0; i < bytes.length; i++) {
                if (Ascii.isLower(bytes[i])) {
                    byte[] upper = copy(L, bytes);
                    for (int k = i; k < upper.length; k++) {
                        upper[k] = (byte) Ascii.toUpper(upper[k]);
                    }
                    return LuaString.wrap(upper);
                }
            }
            return s;
        }
    }

    private static final class Reverse extends Function1 {
        Reverse() {
            super("reverse");
        }

        @Override
        public Object call(LuaState L, Object text) {
            LuaString s = Args.string(L, text, 1);
            int length = s.length();
            if (length <= 1) {
                return s;
            }
            byte[] bytes = s.bytes();
            byte[] reversed = allocate(L, length);
            for (int i = 0; i < length; i++) {
                reversed[i] = bytes[length - 1 - i];
            }
            return LuaString.wrap(reversed);
        }
    }

    private static final class Sub extends Function3 {
        Sub() {
            super("sub");
        }

        @Override
        public Object call(LuaState L, Object text, Object from, Object to) {
            LuaString s = Args.string(L, text, 1);
            int length = s.length();
            long start = Positions.start(Args.integer(L, from, 2), length);
            int end = to == null ? length : Positions.end(Args.integer(L, to, 3), length);
            if (start > end) {
                return LuaString.EMPTY;
            }
            if (end - start >= RESERVED_FROM) {
                L.reserve(end - start);
            }
            return s.substring((int) start - 1, end);
        }
    }

    private static final class Rep extends Function3 {
        Rep() {
            super("rep");
        }

        @Override
        public Object call(LuaState L, Object text, Object count, Object separator) {
            LuaString s = Args.string(L, text, 1);
            long n = Args.integer(L, count, 2);
            LuaString between = Args.optString(L, separator, 3, LuaString.EMPTY);
            if (n <= 0) {
                return LuaString.EMPTY;
            }
            long unit = (long) s.length() + between.length();
            if (unit > MAX_LENGTH / n) {
                throw L.error("resulting string too large");
            }
            long total = unit * n - between.length();
            if (total == 0) {
                return LuaString.EMPTY;
            }
            if (n == 1) {
                return s;
            }
            byte[] bytes = allocate(L, total);
            s.copyTo(0, bytes, 0, s.length());
            between.copyTo(0, bytes, s.length(), between.length());
            int filled = (int) unit;
            while (filled < total) {
                int more = (int) Math.min(filled, total - filled);
                System.arraycopy(bytes, 0, bytes, filled, more);
                filled += more;
            }
            return LuaString.wrap(bytes);
        }
    }

    /** Room for a string of {@code length} bytes, asked of the budget if it is large. */
    static byte[] allocate(LuaState L, long length) {
        if (length >= RESERVED_FROM) {
            L.reserve(length);
        }
        if (length > MAX_LENGTH - 8) {
            throw new OutOfMemoryError("string of " + length + " bytes");
        }
        return new byte[(int) length];
    }

    private static byte[] copy(LuaState L, byte[] bytes) {
        byte[] copy = allocate(L, bytes.length);
        System.arraycopy(bytes, 0, copy, 0, bytes.length);
        return copy;
    }
}
