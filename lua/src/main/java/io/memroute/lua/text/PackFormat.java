package io.memroute.lua.text;

/**
 * Reads the format of {@code string.pack}, option by option (manual section 6.4.2), with the sizes and alignments of C
 * on 64-bit Linux. A format ends at its end or at its first zero byte.
 */
public final class PackFormat {
    /** The meaning of an option. */
    public enum Option {
        SIGNED,
        UNSIGNED,
        FLOAT,
        DOUBLE,
        FIXED_STRING,
        PREFIXED_STRING,
        ZERO_ENDED_STRING,
        PADDING,
        ALIGNMENT,
        NOTHING
    }

    /** The widest integer. */
    public static final int MAX_INTEGER_SIZE = 16;

    /** The largest total size Lua computes (INT_MAX). */
    public static final int MAX_SIZE = Integer.MAX_VALUE;

    private static final int NATIVE_ALIGNMENT = 8;

    private final byte[] format;
    private final int end;
    private int at;
    private boolean littleEndian = true;
    private int maxAlignment = 1;
    private int size;
    private int padding;
    private Option option = Option.NOTHING;

    public PackFormat(byte[] format, int from, int length) {
        this.format = format;
        this.at = from;
        int limit = from + length;
        int zero = ByteSearch.indexOf(format, from, limit, (byte) 0);
        this.end = zero < 0 ? limit : zero;
    }

    /**
     * Reads the next option.
     *
     * @param position where in the packed data it will stand, which decides its padding
     * @return false at the end of the format
     * @throws TextError if the option is malformed
     */
    public boolean next(long position) {
        if (at >= end) {
            return false;
        }
        option = readOption();
        int alignment = size;
        if (option == Option.ALIGNMENT) {
            boolean usable = at < end && readOption() != Option.FIXED_STRING && size != 0;
            alignment = size;
            size = 0;
            if (!usable) {
                throw new TextError(1, "invalid next option for option 'X'");
            }
        }
        padding = 0;
        if (alignment > 1 && option != Option.FIXED_STRING) {
            alignment = Math.min(alignment, maxAlignment);
            if ((alignment & (alignment - 1)) != 0) {
                throw new TextError(1, "format asks for alignment not power of 2");
            }
            padding = (alignment - (int) (position & (alignment - 1))) & (alignment - 1);
        }
        return true;
    }

    /** The option last read. */
    public Option option() {
        return option;
    }

    /** Its size in bytes; for a string with a length in front, the size of the length. */
    public int size() {
        return size;
    }

    /** The bytes of padding in front of it. */
    public int padding() {
        return padding;
    }

    public boolean isLittleEndian() {
        return littleEndian;
    }

    private Option readOption() {
        int letter = format[at++];
        size = 0;
        switch (letter) {
            case 'b':
                size = 1;
                return Option.SIGNED;
            case 'B':
                size = 1;
                return Option.UNSIGNED;
            case 'h':
                size = 2;
                return Option.SIGNED;
            case 'H':
                size = 2;
                return Option.UNSIGNED;
            case 'l', 'j':
                size = 8;
                return Option.SIGNED;
            case 'L', 'J', 'T':
                size = 8;
                return Option.UNSIGNED;
            case 'f':
                size = 4;
                return Option.FLOAT;
            case 'n', 'd':
                size = 8;
                return Option.DOUBLE;
            case 'i':
                size = readSize(4);
                return Option.SIGNED;
            case 'I':
                size = readSize(4);
                return Option.UNSIGNED;
            case 's':
                size = readSize(8);
                return Option.PREFIXED_STRING;
            case 'c':
                size = readNumber(-1);
                if (size == -1) {
                    throw new TextError("missing size for format option 'c'");
                }
                return Option.FIXED_STRING;
            case 'z':
                return Option.ZERO_ENDED_STRING;
            case 'x':
                size = 1;
                return Option.PADDING;
            case 'X':
                return Option.ALIGNMENT;
            case ' ':
                return Option.NOTHING;
            case '<', '=':
                littleEndian = true;
                return Option.NOTHING;
            case '>':
                littleEndian = false;
                return Option.NOTHING;
            case '!':
                maxAlignment = readSize(NATIVE_ALIGNMENT);
                return Option.NOTHING;
            default:
                throw new TextError("invalid format option '" + (char) (letter & 0xff) + "'");
        }
    }

    private int readSize(int otherwise) {
        int number = readNumber(otherwise);
        if (number > MAX_INTEGER_SIZE || number <= 0) {
            throw new TextError("integral size (" + number + ") out of limits [1," + MAX_INTEGER_SIZE + "]");
        }
        return number;
    }

    private int readNumber(int otherwise) {
        if (at >= end || !Ascii.isDigit(format[at])) {
            return otherwise;
        }
        int number = 0;
        do {
            number = number * 10 + format[at++] - '0';
        } while (at < end && Ascii.isDigit(format[at]) && number <= (MAX_SIZE - 9) / 10);
        return number;
    }
}
