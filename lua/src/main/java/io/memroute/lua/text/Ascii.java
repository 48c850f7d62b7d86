package io.memroute.lua.text;

/**
 * The character classes of C's {@code <ctype.h>} in the "C" locale. Arguments are bytes as 0..255; others belong to no
 * class.
 */
public final class Ascii {
    private static final int UPPER = 1;
    private static final int LOWER = 2;
    private static final int DIGIT = 4;
    private static final int SPACE = 8;
    private static final int PUNCT = 16;
    private static final int CONTROL = 32;
    private static final int HEX = 64;

    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = 0; c < 128; c++) {
            int bits = 0;
            if (c >= 'A' && c <= 'Z') {
                bits = UPPER;
            } else if (c >= 'a' && c <= 'z') {
                bits = LOWER;
            } else if (c >= '0' && c <= '9') {
                bits = DIGIT | HEX;
            } else if (c > ' ' && c < 127) {
                bits = PUNCT;
            }
            if (c < ' ' || c == 127) {
                bits |= CONTROL;
            }
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                bits |= SPACE;
            }
            if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
                bits |= HEX;
            }
            CLASS[c] = (byte) bits;
        }
    }

    private Ascii() {}

    public static boolean isLetter(int c) {
        return (CLASS[c & 0xff] & (UPPER | LOWER)) != 0;
    }

    public static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    public static boolean isLetterOrDigit(int c) {
        return (CLASS[c & 0xff] & (UPPER | LOWER | DIGIT)) != 0;
    }

    public static boolean isHexDigit(int c) {
        return (CLASS[c & 0xff] & HEX) != 0;
    }

    public static boolean isSpace(int c) {
        return (CLASS[c & 0xff] & SPACE) != 0;
    }

    public static boolean isControl(int c) {
        return (CLASS[c & 0xff] & CONTROL) != 0;
    }

    public static boolean isPunctuation(int c) {
        return (CLASS[c & 0xff] & PUNCT) != 0;
    }

    public static boolean isGraphic(int c) {
        return (CLASS[c & 0xff] & (UPPER | LOWER | DIGIT | PUNCT)) != 0;
    }

    public static boolean isUpper(int c) {
        return (CLASS[c & 0xff] & UPPER) != 0;
    }

    public static boolean isLower(int c) {
        return (CLASS[c & 0xff] & LOWER) != 0;
    }

    public static int toLower(int c) {
        return isUpper(c) ? c + 32 : c;
    }

    public static int toUpper(int c) {
        return isLower(c) ? c - 32 : c;
    }

    /** The value of a hexadecimal digit; the argument must be one. */
    public static int hexValue(int c) {
        return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
    }
}
