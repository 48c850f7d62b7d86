package io.memroute.lua.lib;

/**
 * Positions in strings as the {@code string} library takes them: from 1, negative ones from the end (manual section
 * 6.4).
 */
final class Positions {
    private Positions() {}

    /** The start of a range, 1 or more; it may lie behind the end. */
    static long start(long position, int length) {
        if (position > 0) {
            return position;
        }
        return position == 0 || position < -(long) length ? 1 : length + position + 1;
    }

    /** The end of a range, at most {@code length}; it may lie before the start. */
    static int end(long position, int length) {
        if (position > length) {
            return length;
        }
        if (position >= 0) {
            return (int) position;
        }
        return position < -(long) length ? 0 : (int) (length + position + 1);
    }
}
