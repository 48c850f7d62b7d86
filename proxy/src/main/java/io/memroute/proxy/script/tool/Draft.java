package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaString;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The line and the value that a mutator writes; used for one after another. Owned by the worker's thread. */
final class Draft {

    /** Longer than most lines. */
    private static final int FIRST_BYTES = 256;

    private byte[] line = new byte[FIRST_BYTES];
    private int length;
    /** The value of a text or of an object, copied once the length of the line is known. */
    private @Nullable LuaString valueText;

    private @Nullable ValueSource valueSource;
    private int valueLength = -1;

    void clear() {
        length = 0;
        valueText = null;
        valueSource = null;
        valueLength = -1;
    }

    /** Puts a space before a token, except the first. */
    private void separate() {
        if (length > 0) {
            line[length++] = ' ';
        }
    }

    private void reserve(int bytes) {
        if (line.length - length < bytes) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + bytes));
        }
    }

    /** Adds a token. */
    void add(byte[] text) {
        reserve(text.length + 1);
        separate();
        System.arraycopy(text, 0, line, length, text.length);
        length += text.length;
    }

    /** Adds a token; returns false, and adds nothing, if it is empty. */
    boolean add(LuaString text) {
        if (text.length() > 0) {
            add(text.bytes());
        }
        return text.length() > 0;
    }

    /** Adds a token that is part of another line; returns false, and adds nothing, if it is empty. */
    boolean add(ByteBuf buffer, int index, int bytes) {
        if (bytes <= 0) {
            return false;
        }
        reserve(bytes + 1);
        separate();
        buffer.getBytes(index, line, length, bytes);
        length += bytes;
        return true;
    }

    /** Adds a flag with a text, which may be empty. */
    void addFlag(int letter, LuaString text) {
        addFlag(letter);
        reserve(text.length());
        text.copyTo(0, line, length, text.length());
        length += text.length();
    }

    /** Adds a flag with a text that is part of another line. */
    void addFlag(int letter, ByteBuf buffer, int index, int bytes) {
        addFlag(letter);
        reserve(bytes);
        buffer.getBytes(index, line, length, bytes);
        length += bytes;
    }

    void addFlag(int letter) {
        reserve(2);
        separate();
        line[length++] = (byte) letter;
    }

    /**
     * Adds the length of a text's value as a token; returns false, and adds nothing, unless the text ends with a line
     * end.
     */
    boolean addValue(LuaString text) {
        int length = text.length();
        if (length < 2 || text.byteAt(length - 2) != '\r' || text.byteAt(length - 1) != '\n') {
            return false;
        }
        valueText = text;
        addValueLength(length - 2);
        return true;
    }

    /** Adds the length of an object's value as a token; returns false, and adds nothing, if it has none. */
    boolean addValue(ValueSource source) {
        int bytes = source.valueBytes();
        if (bytes < 0) {
            return false;
        }
        valueSource = source;
        addValueLength(bytes - 2);
        return true;
    }

    private void addValueLength(int number) {
        valueLength = number;
        int digits = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits + 1);
        separate();
        length += digits;
        for (int i = 1, rest = number; i <= digits; i++, rest /= 10) {
            line[length - i] = (byte) ('0' + rest % 10);
        }
    }

    /** Returns the length of the line, with its end. */
    int lineBytes() {
        return length + 2;
    }

    /** The length of the value without its line end; -1 if there is none. */
    int valueLength() {
        return valueLength;
    }

    /** Line and value, as they are sent. */
    byte[] bytes() {
        int end = lineBytes();
        byte[] all = new byte[end + (valueLength < 0 ? 0 : valueLength + 2)];
        System.arraycopy(line, 0, all, 0, length);
        all[length] = '\r';
        all[length + 1] = '\n';
        if (valueText != null) {
            valueText.copyTo(0, all, end, valueText.length());
        } else if (valueSource != null) {
            valueSource.copyValue(all, end);
        }
        return all;
    }

    /**
     * Whether the text is one line: a reader might end it at a line end or a zero byte within, and take the rest, and
     * the value, for other requests.
     */
    boolean isOneLine() {
        return isOneLine(line, length);
    }

    static boolean isOneLine(byte[] text, int length) {
        for (int i = 0; i < length; i++) {
            byte b = text[i];
            if (b <= '\r' && (b == '\r' || b == '\n' || b == 0)) {
                return false;
            }
        }
        return true;
    }
}
