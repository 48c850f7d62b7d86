package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function2;
import io.memroute.lua.Function3;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.Utf8;
import java.util.Arrays;

/** The {@code utf8} library (manual section 6.5). */
public final class Utf8Library implements LuaLibrary {
    private static final String INVALID = "invalid UTF-8 code";

    /** Matches one character; from the manual. */
    private static final byte[] CHAR_PATTERN = {
        '[', 0, '-', 0x7F, (byte) 0xC2, '-', (byte) 0xFD, ']', '[', (byte) 0x80, '-', (byte) 0xBF, ']', '*'
    };

    /** More results than this would not fit the stack of C Lua (LUAI_MAXSTACK). */
    private static final int MAX_RESULTS = 1_000_000;

    /** Decoding a byte takes as long as copying so many. */
    private static final int DECODING_COST = 16;

    @Override
    public String name() {
        return "utf8";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable library = new LuaTable();
        library.put("charpattern", LuaString.wrap(CHAR_PATTERN.clone()));
        for (LuaFunction function :
                new LuaFunction[] {new Char(), new Codepoint(), new Codes(), new Len(), new Offset()}) {
            library.put(function.name(), function);
        }
        return library;
    }

    /** A position from the start: negative ones count from the end, 0 means before the start. */
    private static long absolute(long position, int length) {
        if (position >= 0) {
            return position;
        }
        return -position > length || position == Long.MIN_VALUE ? 0 : length + position + 1;
    }

    private static boolean isContinuation(byte[] bytes, long index) {
        return index < bytes.length && Utf8.isContinuation(bytes[(int) index]);
    }

    private static final class Char extends VarFunction {
        Char() {
            super("char");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            ByteBuilder out = new ByteBuilder(Math.max(args.length, 1) * 2, L::reserve);
            for (int i = 0; i < args.length; i++) {
                long code = Args.integer(L, args[i], i + 1);
                if (code < 0 || code > Utf8.MAX_VALUE) {
                    throw Args.bad(L, i + 1, "value out of range");
                }
                Utf8.append(out, code);
            }
            return LuaString.copyOf(out.array(), 0, out.length());
        }
    }

    private static final class Len extends VarFunction {
        Len() {
            super("len");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            LuaString text = Args.string(L, args, 1);
            byte[] bytes = text.bytes();
            long at = absolute(Args.optInteger(L, args, 2, 1), bytes.length) - 1;
            long last = absolute(Args.optInteger(L, args, 3, -1), bytes.length) - 1;
            boolean strict = !Args.truth(Args.at(args, 4));
            if (at < 0 || at > bytes.length) {
                throw Args.bad(L, 2, "initial position out of bounds");
            }
            if (last >= bytes.length) {
                throw Args.bad(L, 3, "final position out of bounds");
            }
            L.chargeBytes((last - at) * DECODING_COST);
            long count = 0;
            while (at <= last) {
                long decoded = Utf8.decode(bytes, (int) at, bytes.length, strict);
                if (decoded == Utf8.INVALID) {
                    return Results.of(null, at + 1);
                }
                at += decoded >>> 32;
                count++;
            }
            return count;
        }
    }

    private static final class Codepoint extends VarFunction {
        Codepoint() {
            super("codepoint");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            LuaString text = Args.string(L, args, 1);
            byte[] bytes = text.bytes();
            long first = absolute(Args.optInteger(L, args, 2, 1), bytes.length);
            long last = absolute(Args.optInteger(L, args, 3, first), bytes.length);
            boolean strict = !Args.truth(Args.at(args, 4));
            if (first < 1) {
                throw Args.bad(L, 2, "out of bounds");
            }
            if (last > bytes.length) {
                throw Args.bad(L, 3, "out of bounds");
            }
            if (first > last) {
                return Results.NONE;
            }
            if (last - first >= MAX_RESULTS) {
                throw L.error("string slice too long");
            }
            L.reserve(16 * (last - first));
            Object[] codes = new Object[(int) (last - first) + 1];
            int count = 0;
            for (int at = (int) first - 1; at < last; ) {
                long decoded = Utf8.decode(bytes, at, bytes.length, strict);
                if (decoded == Utf8.INVALID) {
                    throw L.error(INVALID);
                }
                codes[count++] = decoded & 0xFFFFFFFFL;
                at += (int) (decoded >>> 32);
            }
            return count == 1 ? codes[0] : Results.of(Arrays.copyOf(codes, count));
        }
    }

    private static final class Offset extends Function3 {
        Offset() {
            super("offset");
        }

        @Override
        public Object call(LuaState L, Object text, Object number, Object init) {
            byte[] bytes = Args.string(L, text, 1).bytes();
            long n = Args.integer(L, number, 2);
            long at = absolute(Args.optInteger(L, init, 3, n >= 0 ? 1 : bytes.length + 1L), bytes.length) - 1;
            if (at < 0 || at > bytes.length) {
                throw Args.bad(L, 3, "position out of bounds");
            }
            if (n == 0) {
                while (at > 0 && isContinuation(bytes, at)) {
                    at--;
                }
                return at + 1;
            }
            if (isContinuation(bytes, at)) {
                throw L.error("initial position is a continuation byte");
            }
            L.chargeBytes(Math.min(Math.abs(n), bytes.length) * DECODING_COST);
            if (n < 0) {
                while (n < 0 && at > 0) {
                    do {
                        at--;
                    } while (at > 0 && isContinuation(bytes, at));
                    n++;
                }
            } else {
                n--;
                while (n > 0 && at < bytes.length) {
                    do {
                        at++;
                    } while (isContinuation(bytes, at));
                    n--;
                }
            }
            return n == 0 ? (Object) (at + 1) : null;
        }
    }

    private static final class Codes extends Function2 {
        private final Next strict = new Next(true);
        private final Next lax = new Next(false);

        Codes() {
            super("codes");
        }

        @Override
        public Object call(LuaState L, Object text, Object isLax) {
            LuaString s = Args.string(L, text, 1);
            if (isContinuation(s.bytes(), 0)) {
                throw Args.bad(L, 1, INVALID);
            }
            return Results.of(Args.truth(isLax) ? lax : strict, s, 0L);
        }
    }

    /** The iterator of {@code codes}: the character behind the one at a position. */
    private static final class Next extends Function2 {
        private final boolean strict;

        Next(boolean strict) {
            super("codes");
            this.strict = strict;
        }

        @Override
        public Object call(LuaState L, Object text, Object position) {
            byte[] bytes = Args.string(L, text, 1).bytes();
            Long known = LuaNumber.toInteger(position);
            long at = known == null ? 0 : known;
            if (at < 0 || at >= bytes.length) {
                return Results.NONE;
            }
            while (isContinuation(bytes, at)) {
                at++;
            }
            if (at >= bytes.length) {
                return Results.NONE;
            }
            long decoded = Utf8.decode(bytes, (int) at, bytes.length, strict);
            if (decoded == Utf8.INVALID || isContinuation(bytes, at + (decoded >>> 32))) {
                throw L.error(INVALID);
            }
            return Results.of(at + 1, decoded & 0xFFFFFFFFL);
        }
    }
}
