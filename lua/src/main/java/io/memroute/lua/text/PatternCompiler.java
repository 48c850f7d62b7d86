package io.memroute.lua.text;

import java.util.Arrays;

/** Takes the text of a pattern apart into the steps of a {@link Pattern}. */
final class PatternCompiler {
    private static final String SPECIAL = "^$*+?.([%-";

    private final byte[] text;
    private final int end;
    private final boolean anchored;
    private final boolean literal;

    private byte[] kinds = new byte[16];
    private byte[] suffixes = new byte[16];
    private int[] arguments = new int[16];
    private int steps;
    private long[] sets = new long[16];
    private int setCount;
    private int captures;
    private final int[] open = new int[Pattern.MAX_CAPTURES];
    private int openCount;
    private final boolean[] closed = new boolean[Pattern.MAX_CAPTURES];
    private String error;

    PatternCompiler(byte[] text, int from, int length, boolean anchorAllowed) {
        this.text = text;
        this.end = from + length;
        this.literal = !hasSpecial(text, from, end);
        this.anchored = anchorAllowed && length > 0 && text[from] == '^';
        int at = anchored ? from + 1 : from;
        while (at < end && error == null) {
            at = step(at);
        }
        add(error == null ? Pattern.END : Pattern.ERROR, 0, Pattern.ONCE);
    }

    byte[] kinds() {
        return Arrays.copyOf(kinds, steps);
    }

    byte[] suffixes() {
        return Arrays.copyOf(suffixes, steps);
    }

    int[] arguments() {
        return Arrays.copyOf(arguments, steps);
    }

    long[] sets() {
        return Arrays.copyOf(sets, setCount << 2);
    }

    String error() {
        return error;
    }

    int captures() {
        return captures;
    }

    boolean hasUnfinishedCapture() {
        return openCount > 0;
    }

    boolean isAnchored() {
        return anchored;
    }

    boolean isLiteral() {
        return literal;
    }

    private static boolean hasSpecial(byte[] text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (SPECIAL.indexOf(text[i]) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Reads the step at {@code at}; returns where the next one begins. */
    private int step(int at) {
        switch (text[at]) {
            case '(':
                return openCapture(at);
            case ')':
                closeCapture();
                return at + 1;
            case '$':
                if (at + 1 == end) {
                    add(Pattern.SUBJECT_END, 0, Pattern.ONCE);
                    return end;
                }
                return single(at);
            case '%':
                return escaped(at);
            default:
                return single(at);
        }
    }

    private int openCapture(int at) {
        if (captures == Pattern.MAX_CAPTURES) {
            error = "too many captures";
            return end;
        }
        int capture = captures++;
        if (byteAt(at + 1) == ')') {
            add(Pattern.POSITION, capture, Pattern.ONCE);
            closed[capture] = true;
            return at + 2;
        }
        add(Pattern.OPEN, capture, Pattern.ONCE);
        open[openCount++] = capture;
        return at + 1;
    }

    private void closeCapture() {
        if (openCount == 0) {
            error = "invalid pattern capture";
            return;
        }
        int capture = open[--openCount];
        closed[capture] = true;
        add(Pattern.CLOSE, capture, Pattern.ONCE);
    }

    private int escaped(int at) {
        int c = byteAt(at + 1);
        if (c == 'b') {
            if (at + 3 >= end) {
                error = "malformed pattern (missing arguments to '%b')";
                return end;
            }
            add(Pattern.BALANCED, byteAt(at + 2) << 8 | byteAt(at + 3), Pattern.ONCE);
            return at + 4;
        }
        if (c == 'f') {
            if (byteAt(at + 2) != '[') {
                error = "missing '[' after '%f' in pattern";
                return end;
            }
            int classEnd = classEnd(at + 2);
            if (error == null) {
                add(Pattern.FRONTIER, bracketSet(at + 2, classEnd - 1), Pattern.ONCE);
            }
            return classEnd;
        }
        if (Ascii.isDigit(c)) {
            int capture = c - '1';
            if (capture < 0 || capture >= captures || !closed[capture]) {
                error = "invalid capture index %" + (capture + 1);
                return end;
            }
            add(Pattern.BACK_REFERENCE, capture, Pattern.ONCE);
            return at + 2;
        }
        return single(at);
    }

    /** A single-byte class and the suffix behind it. */
    private int single(int at) {
        int classEnd = classEnd(at);
        if (error != null) {
            return end;
        }
        byte kind = Pattern.BYTE;
        int argument = text[at] & 0xff;
        if (argument == '.') {
            kind = Pattern.ANY;
        } else if (argument == '[') {
            kind = Pattern.SET;
            argument = bracketSet(at, classEnd - 1);
        } else if (argument == '%') {
            argument = text[at + 1] & 0xff;
            if (isClassLetter(argument)) {
                kind = Pattern.SET;
                int letter = argument;
                argument = newSet();
                addClass(argument, letter);
            }
        }
        byte suffix = suffixOf(byteAt(classEnd));
        add(kind, argument, suffix);
        return suffix == Pattern.ONCE ? classEnd : classEnd + 1;
    }

    private static byte suffixOf(int c) {
        return switch (c) {
            case '?' -> Pattern.OPTIONAL;
            case '*' -> Pattern.MOST;
            case '+' -> Pattern.MOST_BUT_ONE;
            case '-' -> Pattern.LEAST;
            default -> Pattern.ONCE;
        };
    }

    /** The index behind the class at {@code at}; sets {@link #error} if it does not end. */
    private int classEnd(int at) {
        if (text[at] == '%') {
            if (at + 1 == end) {
                error = "malformed pattern (ends with '%')";
                return end;
            }
            return at + 2;
        }
        if (text[at] != '[') {
            return at + 1;
        }
        int p = at + 1;
        if (byteAt(p) == '^') {
            p++;
        }
        do {
            if (p >= end) {
                error = "malformed pattern (missing ']')";
                return end;
            }
            if (text[p++] == '%') {
                p++;
            }
        } while (p >= end || text[p] != ']');
        return p + 1;
    }

    /** The set between the bracket at {@code from} and its closing one at {@code close}. */
    private int bracketSet(int from, int close) {
        int set = newSet();
        int p = from + 1;
        boolean complement = text[p] == '^';
        if (complement) {
            p++;
        }
        while (p < close) {
            int c = text[p] & 0xff;
            if (c == '%') {
                p++;
                addClass(set, text[p] & 0xff);
                p++;
            } else if (text[p + 1] == '-' && p + 2 < close) {
                int last = text[p + 2] & 0xff;
                for (int b = c; b <= last; b++) {
                    addByte(set, b);
                }
                p += 3;
            } else {
                addByte(set, c);
                p++;
            }
        }
        if (complement) {
            for (int i = 0; i < 4; i++) {
                sets[(set << 2) + i] = ~sets[(set << 2) + i];
            }
        }
        return set;
    }

    private static boolean isClassLetter(int c) {
        return "acdglpsuwxz".indexOf(Ascii.toLower(c)) >= 0 && Ascii.isLetter(c);
    }

    private void addClass(int set, int letter) {
        if (!isClassLetter(letter)) {
            addByte(set, letter);
            return;
        }
        boolean positive = Ascii.isLower(letter);
        int lower = Ascii.toLower(letter);
        for (int b = 0; b < 256; b++) {
            if (isInClass(lower, b) == positive) {
                addByte(set, b);
            }
        }
    }

    private static boolean isInClass(int lower, int b) {
        return switch (lower) {
            case 'a' -> Ascii.isLetter(b);
            case 'c' -> Ascii.isControl(b);
            case 'd' -> Ascii.isDigit(b);
            case 'g' -> Ascii.isGraphic(b);
            case 'l' -> Ascii.isLower(b);
            case 'p' -> Ascii.isPunctuation(b);
            case 's' -> Ascii.isSpace(b);
            case 'u' -> Ascii.isUpper(b);
            case 'w' -> Ascii.isLetterOrDigit(b);
            case 'x' -> Ascii.isHexDigit(b);
            default -> b == 0;
        };
    }

    private int newSet() {
        if (setCount << 2 == sets.length) {
            sets = Arrays.copyOf(sets, sets.length * 2);
        }
        return setCount++;
    }

    private void addByte(int set, int b) {
        sets[(set << 2) + (b >>> 6)] |= 1L << b;
    }

    private int byteAt(int index) {
        return index < end ? text[index] & 0xff : 0;
    }

    private void add(byte kind, int argument, byte suffix) {
        if (steps == kinds.length) {
            kinds = Arrays.copyOf(kinds, steps * 2);
            suffixes = Arrays.copyOf(suffixes, steps * 2);
            arguments = Arrays.copyOf(arguments, steps * 2);
        }
        kinds[steps] = kind;
        arguments[steps] = argument;
        suffixes[steps] = suffix;
        steps++;
    }
}
