package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaString;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The line and the value that a mutator is writing. Used again for each; owned by the worker's thread. */
final class Draft {

    /** Most lines are shorter. */
    private static final int FIRST_BYTES = 256;

    private byte[] line = new byte[FIRST_BYTES];
    private int length;
    private byte[] value;

    void clear() {
        length = 0;
        value = null;
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
     * Adds the length of a value as a token, and keeps the value.
     *
     * @param bytes with line end; null for none
     * @return false, and nothing was added, if it is none
     */
    boolean addValue(byte[] bytes) {
        if (bytes == null || bytes.length < 2 || bytes[bytes.length - 2] != '\r' || bytes[bytes.length - 1] != '\n') {
            return false;
        }
        value = bytes;
        int number = bytes.length - 2;
        int digits = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits + 1);
        separate();
        length += digits;
        for (int i = 1; i <= digits; i++, number /= 10) {
            line[length - i] = (byte) ('0' + number % 10);
        }
        return true;
    }

    /** Of the line, with its end. */
    int lineBytes() {
        return length + 2;
    }

    /** The length of the value without its line end; -1 if there is none. */
    int valueLength() {
        return value == null ? -1 : value.length - 2;
    }

    /** Line and value, as they are sent. */
    byte[] bytes() {
        int valueBytes = value == null ? 0 : value.length;
        byte[] all = Arrays.copyOf(line, length + 2 + valueBytes);
        all[length] = '\r';
        all[length + 1] = '\n';
        if (value != null) {
            System.arraycopy(value, 0, all, length + 2, valueBytes);
        }
        return all;
    }

    /**
     * Whether the line is one: with a line end or a zero byte within, whoever reads it might end it there, and take the rest, and the value, for
     * other requests.
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
