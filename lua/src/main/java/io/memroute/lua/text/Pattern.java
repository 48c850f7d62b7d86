package io.memroute.lua.text;

import org.jspecify.annotations.Nullable;

/**
 * A Lua pattern (manual section 6.4.1), taken apart once into a row of steps that {@link PatternMatcher} walks.
 * Immutable, so one pattern may serve many matches, states and threads.
 *
 * <p>Lua reports a malformed pattern only when a match reaches the malformed place: {@code ("abc"):find("x[")} is nil,
 * {@code ("x"):find("x[")} an error. So {@link PatternCompiler} never fails; it ends the row with an {@link #ERROR}
 * step.
 *
 * <p>Since a pattern has no groups that repeat, every capture opens and closes at a fixed step. Capture numbers are
 * therefore known here, and a matcher needs no bookkeeping to undo captures when it backtracks: whatever a failed
 * attempt wrote is written again by the attempt that succeeds.
 */
public final class Pattern {
    /** The most captures one pattern may have (LUA_MAXCAPTURES). */
    public static final int MAX_CAPTURES = 32;

    /** The pattern is matched; the last step of a well-formed pattern. */
    static final byte END = 0;
    /** Capture {@code argument} begins. */
    static final byte OPEN = 1;
    /** Capture {@code argument} ends. */
    static final byte CLOSE = 2;
    /** Capture {@code argument} is this position. */
    static final byte POSITION = 3;
    /** Only at the end of the subject. */
    static final byte SUBJECT_END = 4;
    /** A balanced run: opening byte in bits 8 to 15 of {@code argument}, closing byte in bits 0 to 7. */
    static final byte BALANCED = 5;
    /** Between a byte outside set {@code argument} and one inside. */
    static final byte FRONTIER = 6;
    /** The text of capture {@code argument} again. */
    static final byte BACK_REFERENCE = 7;
    /** Malformed from here: {@link #error} says how. */
    static final byte ERROR = 8;
    /** Any byte, with a suffix. */
    static final byte ANY = 9;
    /** The byte {@code argument}, with a suffix. */
    static final byte BYTE = 10;
    /** A byte of the set {@code argument}, with a suffix. */
    static final byte SET = 11;

    /** Exactly once. */
    static final byte ONCE = 0;
    /** {@code ?}. */
    static final byte OPTIONAL = 1;
    /** {@code *}, longest first. */
    static final byte MOST = 2;
    /** {@code +}, longest first. */
    static final byte MOST_BUT_ONE = 3;
    /** {@code -}, shortest first. */
    static final byte LEAST = 4;

    final byte[] kinds;
    final byte[] suffixes;
    final int[] arguments;

    /**
     * Whether a repeated step need not be tried again, since no shorter repetition can match if the longest does not.
     */
    final boolean[] possessive;

    /** The step that must take a byte right behind each step (captures aside), or -1 if there is none. */
    final int[] nextStep;

    /** The sets, four longs of bits for each. */
    final long[] sets;

    /** The message of the ERROR step, if there is one. */
    final @Nullable String error;

    /** The number of captures. */
    final int captures;

    /** A capture was opened and never closed. */
    final boolean unfinished;

    private final boolean anchored;
    private final boolean literal;

    Pattern(PatternCompiler compiler) {
        kinds = compiler.kinds();
        suffixes = compiler.suffixes();
        arguments = compiler.arguments();
        sets = compiler.sets();
        error = compiler.error();
        captures = compiler.captures();
        unfinished = compiler.hasUnfinishedCapture();
        anchored = compiler.isAnchored();
        literal = compiler.isLiteral();
        possessive = new boolean[kinds.length];
        nextStep = new int[kinds.length];
        lookAhead();
    }

    /** The pattern in {@code text}; a leading {@code ^} anchors it. */
    public static Pattern compile(byte[] text, int from, int length) {
        return new Pattern(new PatternCompiler(text, from, length, true));
    }

    /** As {@link #compile}, but for {@code gmatch}, where a leading {@code ^} has no meaning of its own. */
    public static Pattern compileUnanchored(byte[] text, int from, int length) {
        return new Pattern(new PatternCompiler(text, from, length, false));
    }

    /** True if only a match at the start counts. */
    public boolean isAnchored() {
        return anchored;
    }

    /** True if the text has none of the special characters, so that a plain search does the same. */
    public boolean isLiteral() {
        return literal;
    }

    static boolean contains(long[] sets, int set, int b) {
        return (sets[(set << 2) + (b >>> 6)] >>> b & 1) != 0;
    }

    /** True if step {@code step} takes the byte {@code b} (0..255). */
    boolean accepts(int step, int b) {
        return switch (kinds[step]) {
            case ANY -> true;
            case BYTE -> arguments[step] == b;
            default -> contains(sets, arguments[step], b);
        };
    }

    private void lookAhead() {
        for (int step = kinds.length - 1; step >= 0; step--) {
            nextStep[step] = -1;
            if (step + 1 == kinds.length) {
                continue;
            }
            int next = step + 1;
            while (kinds[next] == OPEN || kinds[next] == CLOSE || kinds[next] == POSITION) {
                next++;
            }
            boolean mustConsume = kinds[next] >= ANY && (suffixes[next] == ONCE || suffixes[next] == MOST_BUT_ONE);
            if (mustConsume) {
                nextStep[step] = next;
            }
            if (kinds[step] >= ANY && suffixes[step] != ONCE) {
                possessive[step] =
                        kinds[next] == END || kinds[next] == SUBJECT_END || (mustConsume && disjoint(step, next));
            }
        }
    }

    private boolean disjoint(int step, int next) {
        for (int b = 0; b < 256; b++) {
            if (accepts(step, b) && accepts(next, b)) {
                return false;
            }
        }
        return true;
    }
}
