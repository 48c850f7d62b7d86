package io.memroute.lua.lib.file;

import io.memroute.lua.Args;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.lua.lib.ByteStream;
import io.memroute.lua.lib.SystemError;
import io.memroute.lua.text.Ascii;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.ByteSearch;
import io.memroute.lua.text.NumberReader;
import java.io.IOException;
import java.util.Arrays;

/** The formats of {@code file:read} (manual section 6.8). */
final class FileReads {
    /** The longest numeral that is read (L_MAXLENNUM). */
    private static final int LONGEST_NUMERAL = 200;

    private FileReads() {}

    /**
     * Reads by the formats {@code args[from..]}, one line if there are none.
     *
     * @param shift what to add to an index of {@code args} to get the number of the argument in messages
     */
    static Object read(LuaState L, ByteStream in, Object[] args, int from, int shift) {
        try {
            if (args.length <= from) {
                return line(L, in, true);
            }
            Object[] results = new Object[args.length - from];
            for (int i = 0; i < results.length; i++) {
                results[i] = readOne(L, in, args[from + i], from + i + shift);
                if (results[i] == null) {
                    return i == 0 ? null : Results.of(Arrays.copyOf(results, i + 1));
                }
            }
            return results.length == 1 ? results[0] : Results.of(results);
        } catch (IOException e) {
            return SystemError.of(e).results(null);
        }
    }

    private static Object readOne(LuaState L, ByteStream in, Object format, int n) throws IOException {
        if (format instanceof Long || format instanceof Double) {
            long count = Args.integer(L, format, n);
            return count == 0 ? atEnd(in) : characters(L, in, count);
        }
        LuaString text = Args.string(L, format, n);
        int at = text.length() > 0 && text.byteAt(0) == '*' ? 1 : 0;
        switch (at < text.length() ? text.byteAt(at) : 0) {
            case 'n':
                return number(in);
            case 'l':
                return line(L, in, true);
            case 'L':
                return line(L, in, false);
            case 'a':
                return all(L, in);
            default:
                throw Args.bad(L, n, "invalid format");
        }
    }

    /** The next line, nil at the end of the file. */
    static LuaString line(LuaState L, ByteStream in, boolean chop) throws IOException {
        ByteBuilder gathered = null;
        while (in.position < in.limit || in.fill()) {
            int end = ByteSearch.indexOf(in.buffer, in.position, in.limit, (byte) '\n');
            int from = in.position;
            if (end >= 0) {
                in.position = end + 1;
                int length = (chop ? end : end + 1) - from;
                if (gathered == null) {
                    return LuaString.copyOf(in.buffer, from, length);
                }
                gathered.append(in.buffer, from, length);
                return LuaString.wrap(gathered.toByteArray());
            }
            if (gathered == null) {
                gathered = new ByteBuilder((in.limit - from) * 2, L::reserve);
            }
            gathered.append(in.buffer, from, in.limit - from);
            in.position = in.limit;
        }
        return gathered == null ? null : LuaString.wrap(gathered.toByteArray());
    }

    private static LuaString all(LuaState L, ByteStream in) throws IOException {
        ByteBuilder gathered = new ByteBuilder(ByteStream.BUFFER_BYTES, L::reserve);
        while (in.position < in.limit || in.fill()) {
            gathered.append(in.buffer, in.position, in.limit - in.position);
            in.position = in.limit;
        }
        return LuaString.wrap(gathered.toByteArray());
    }

    private static LuaString characters(LuaState L, ByteStream in, long count) throws IOException {
        if (count < 0) {
            throw new OutOfMemoryError("read of " + Long.toUnsignedString(count) + " bytes");
        }
        ByteBuilder gathered = new ByteBuilder((int) Math.min(count, ByteStream.BUFFER_BYTES), L::reserve);
        while (gathered.length() < count && (in.position < in.limit || in.fill())) {
            int more = (int) Math.min(in.limit - in.position, count - gathered.length());
            gathered.append(in.buffer, in.position, more);
            in.position += more;
        }
        return gathered.length() == 0 ? null : LuaString.wrap(gathered.toByteArray());
    }

    /** The empty string, or nil at the end of the file. */
    private static LuaString atEnd(ByteStream in) throws IOException {
        return in.peek() < 0 ? null : LuaString.EMPTY;
    }

    /** The longest run of characters that may begin a numeral, as a number; nil if it is none. */
    private static Object number(ByteStream in) throws IOException {
        while (in.peek() >= 0 && Ascii.isSpace(in.peek())) {
            in.read();
        }
        Numeral numeral = new Numeral(in);
        numeral.accept('-', '+');
        boolean hexadecimal = false;
        int digits = 0;
        if (numeral.accept('0', '0')) {
            if (numeral.accept('x', 'X')) {
                hexadecimal = true;
            } else {
                digits = 1;
            }
        }
        digits += numeral.digits(hexadecimal);
        if (numeral.accept('.', '.')) {
            digits += numeral.digits(hexadecimal);
        }
        if (digits > 0 && (hexadecimal ? numeral.accept('p', 'P') : numeral.accept('e', 'E'))) {
            numeral.accept('-', '+');
            numeral.digits(false);
        }
        return numeral.value();
    }

    private static final class Numeral {
        private final ByteStream in;
        private final ByteBuilder text = new ByteBuilder(32);
        private boolean tooLong;

        Numeral(ByteStream in) {
            this.in = in;
        }

        private boolean take() throws IOException {
            if (text.length() >= LONGEST_NUMERAL) {
                tooLong = true;
                return false;
            }
            text.append(in.read());
            return true;
        }

        boolean accept(int a, int b) throws IOException {
            int c = in.peek();
            return (c == a || c == b) && take();
        }

        int digits(boolean hexadecimal) throws IOException {
            int count = 0;
            int c = in.peek();
            while (c >= 0 && (hexadecimal ? Ascii.isHexDigit(c) : Ascii.isDigit(c)) && take()) {
                count++;
                c = in.peek();
            }
            return count;
        }

        Object value() {
            return tooLong ? null : NumberReader.read(text.array(), 0, text.length());
        }
    }
}
