package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.Function3;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.ByteSearch;
import io.memroute.lua.text.PackFormat;
import io.memroute.lua.text.PackedNumber;
import io.memroute.lua.text.TextError;
import java.util.Arrays;

/** {@code pack}, {@code packsize} and {@code unpack} of the {@code string} library (manual section 6.4.2). */
final class PackFunctions {
    /** More results than this would not fit the stack of C Lua (LUAI_MAXSTACK). */
    private static final int MAX_RESULTS = 1_000_000;

    private PackFunctions() {}

    static void addTo(LuaTable library) {
        library.put("pack", new Pack());
        library.put("packsize", new PackSize());
        library.put("unpack", new Unpack());
    }

    private static final class Pack extends VarFunction {
        private final ScratchBuffers buffers = new ScratchBuffers();

        Pack() {
            super("pack");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            LuaString text = Args.string(L, args, 1);
            ByteBuilder out = buffers.take(L);
            try {
                PackFormat format = new PackFormat(text.bytes(), 0, text.length());
                int n = 1;
                while (format.next(out.length())) {
                    out.appendRepeated(0, format.padding());
                    n = append(L, format, args, n, out);
                }
                return LuaString.copyOf(out.array(), 0, out.length());
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            } finally {
                buffers.give(out);
            }
        }

        /** Appends the option's item; returns the number of the argument used last. */
        private static int append(LuaState L, PackFormat format, Object[] args, int previous, ByteBuilder out) {
            int n = previous + 1;
            int size = format.size();
            switch (format.option()) {
                case SIGNED -> {
                    long value = Args.integer(L, args, n);
                    if (!PackedNumber.fitsSigned(value, size)) {
                        throw Args.bad(L, n, "integer overflow");
                    }
                    PackedNumber.append(out, value, size, format.isLittleEndian(), true);
                }
                case UNSIGNED -> {
                    long value = Args.integer(L, args, n);
                    if (!PackedNumber.fitsUnsigned(value, size)) {
                        throw Args.bad(L, n, "unsigned overflow");
                    }
                    PackedNumber.append(out, value, size, format.isLittleEndian(), false);
                }
                case FLOAT -> {
                    int bits = Float.floatToRawIntBits((float) Args.number(L, args, n));
                    PackedNumber.append(out, bits, size, format.isLittleEndian(), false);
                }
                case DOUBLE -> {
                    long bits = Double.doubleToRawLongBits(Args.number(L, args, n));
                    PackedNumber.append(out, bits, size, format.isLittleEndian(), false);
                }
                case FIXED_STRING -> {
                    LuaString value = Args.string(L, args, n);
                    if (value.length() > size) {
                        throw Args.bad(L, n, "string longer than given size");
                    }
                    out.append(value.bytes()).appendRepeated(0, size - value.length());
                }
                case PREFIXED_STRING -> {
                    LuaString value = Args.string(L, args, n);
                    if (!PackedNumber.fitsUnsigned(value.length(), size)) {
                        throw Args.bad(L, n, "string length does not fit in given size");
                    }
                    PackedNumber.append(out, value.length(), size, format.isLittleEndian(), false);
                    out.append(value.bytes());
                }
                case ZERO_ENDED_STRING -> {
                    LuaString value = Args.string(L, args, n);
                    if (ByteSearch.indexOf(value.bytes(), 0, value.length(), (byte) 0) >= 0) {
                        throw Args.bad(L, n, "string contains zeros");
                    }
                    out.append(value.bytes()).append(0);
                }
                case PADDING -> {
                    out.append(0);
                    return previous;
                }
                case ALIGNMENT, NOTHING -> {
                    return previous;
                }
            }
            return n;
        }
    }

    private static final class PackSize extends Function1 {
        PackSize() {
            super("packsize");
        }

        @Override
        public Object call(LuaState L, Object text) {
            LuaString format = Args.string(L, text, 1);
            try {
                PackFormat options = new PackFormat(format.bytes(), 0, format.length());
                long total = 0;
                while (options.next(total)) {
                    PackFormat.Option option = options.option();
                    if (option == PackFormat.Option.PREFIXED_STRING || option == PackFormat.Option.ZERO_ENDED_STRING) {
                        throw Args.bad(L, 1, "variable-length format");
                    }
                    total += options.padding() + (long) options.size();
                    if (total > PackFormat.MAX_SIZE) {
                        throw Args.bad(L, 1, "format result too large");
                    }
                }
                return total;
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            }
        }
    }

    private static final class Unpack extends Function3 {
        Unpack() {
            super("unpack");
        }

        @Override
        public Object call(LuaState L, Object text, Object data, Object init) {
            LuaString format = Args.string(L, text, 1);
            LuaString packed = Args.string(L, data, 2);
            int length = packed.length();
            long start = Positions.start(Args.optInteger(L, init, 3, 1), length) - 1;
            if (start > length) {
                throw Args.bad(L, 3, "initial position out of string");
            }
            try {
                return unpack(L, new PackFormat(format.bytes(), 0, format.length()), packed.bytes(), (int) start);
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            }
        }

        private static Object unpack(LuaState L, PackFormat format, byte[] data, int start) {
            Object[] results = new Object[8];
            int count = 0;
            int at = start;
            while (format.next(at)) {
                if ((long) format.padding() + format.size() > data.length - at) {
                    throw Args.bad(L, 2, "data string too short");
                }
                at += format.padding();
                int size = format.size();
                Object value = null;
                switch (format.option()) {
                    case SIGNED -> value = PackedNumber.read(data, at, size, format.isLittleEndian(), true);
                    case UNSIGNED -> value = PackedNumber.read(data, at, size, format.isLittleEndian(), false);
                    case FLOAT -> {
                        long bits = PackedNumber.read(data, at, size, format.isLittleEndian(), false);
                        value = (double) Float.intBitsToFloat((int) bits);
                    }
                    case DOUBLE -> {
                        long bits = PackedNumber.read(data, at, size, format.isLittleEndian(), false);
                        value = Double.longBitsToDouble(bits);
                    }
                    case FIXED_STRING -> value = LuaString.copyOf(data, at, size);
                    case PREFIXED_STRING -> {
                        long length = PackedNumber.read(data, at, size, format.isLittleEndian(), false);
                        if (length < 0 || length > data.length - at - size) {
                            throw Args.bad(L, 2, "data string too short");
                        }
                        value = LuaString.copyOf(data, at + size, (int) length);
                        at += (int) length;
                    }
                    case ZERO_ENDED_STRING -> {
                        int end = ByteSearch.indexOf(data, at, data.length, (byte) 0);
                        if (end < 0) {
                            throw Args.bad(L, 2, "unfinished string for format 'z'");
                        }
                        value = LuaString.copyOf(data, at, end - at);
                        at = end + 1;
                    }
                    case PADDING, ALIGNMENT, NOTHING -> {}
                }
                at += size;
                if (value != null) {
                    if (count == MAX_RESULTS) {
                        throw L.error("too many results");
                    }
                    if (count + 1 == results.length) {
                        results = Arrays.copyOf(results, results.length * 2);
                    }
                    results[count++] = value;
                }
            }
            results[count++] = at + 1L;
            return count == 1 ? results[0] : Results.of(Arrays.copyOf(results, count));
        }
    }
}
