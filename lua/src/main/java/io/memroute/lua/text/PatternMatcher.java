package io.memroute.lua.text;

import java.util.Arrays;
import java.util.Objects;

/**
 * Matches one {@link Pattern} against one subject, by backtracking. Use: {@link #find} or {@link #matchAt}, then the
 * captures. Not thread safe; a matcher may be left in the middle by an exception and used again.
 *
 * <p>Time may grow exponentially with the number of repetitions in a pattern, as in every Lua; the {@link WorkMeter} is
 * what bounds it.
 */
public final class PatternMatcher {
    /** The depth to which repetitions may nest in one match (MAXCCALLS in C Lua's string library). */
    private static final int MAX_DEPTH = 200;

    /**
     * Steps between two reports to the meter: often enough to stop within microseconds, rare enough to cost nothing.
     */
    private static final int METER_INTERVAL = 1000;

    /** Bytes that are passed over in the time of one step. */
    private static final int BYTES_PER_STEP = 8;

    /** Stands in place of a capture's end: it is a position and has no text. */
    private static final int IS_POSITION = -1;

    /** Stands in place of a capture's end: the pattern never closes it. */
    private static final int UNFINISHED = -2;

    private static final int[] NONE = {};

    private final Pattern pattern;
    private final byte[] kinds;
    private final byte[] subject;
    private final int begin;
    private final int end;
    private final WorkMeter meter;
    private final int[] captureStarts;
    private final int[] captureEnds;
    private int fuel = METER_INTERVAL;
    private int depth;
    private int matchStart;
    private int matchEnd;

    public PatternMatcher(Pattern pattern, byte[] subject, int from, int length, WorkMeter meter) {
        this.pattern = pattern;
        this.kinds = pattern.kinds;
        this.subject = subject;
        this.begin = from;
        this.end = from + length;
        this.meter = meter;
        this.captureStarts = pattern.captures == 0 ? NONE : new int[pattern.captures];
        this.captureEnds = pattern.captures == 0 ? NONE : new int[pattern.captures];
        if (pattern.unfinished) {
            Arrays.fill(captureEnds, UNFINISHED);
        }
    }

    /**
     * Finds the first match that begins at or behind {@code from}; only at {@code from} if the pattern is anchored.
     * Indexes are those of the array.
     */
    public boolean find(int from) {
        if (pattern.isAnchored()) {
            return matchAt(from);
        }
        int first = kinds[0] >= Pattern.ANY ? (isMandatory(0) ? 0 : -1) : firstBehindCapture();
        for (int at = from; at <= end; at++) {
            if (first >= 0) {
                int skipped = at;
                at = skipTo(first, at);
                burn((at - skipped) / BYTES_PER_STEP);
                if (at == end) {
                    return false;
                }
            }
            if (matchAt(at)) {
                return true;
            }
        }
        return false;
    }

    /** Matches at {@code at} and nowhere else. */
    public boolean matchAt(int at) {
        depth = MAX_DEPTH;
        int result = match(at, 0);
        if (result < 0) {
            return false;
        }
        matchStart = at;
        matchEnd = result;
        return true;
    }

    /** The start of the last match. */
    public int start() {
        return matchStart;
    }

    /** The end of the last match, exclusive. */
    public int end() {
        return matchEnd;
    }

    /** The number of captures in the pattern; a pattern without any has the whole match as its only result. */
    public int captureCount() {
        return pattern.captures;
    }

    /** The start of capture {@code index}; the whole match counts as capture 0 of a pattern without captures. */
    public int captureStart(int index) {
        return index < pattern.captures ? captureStarts[index] : wholeMatch(index, matchStart);
    }

    /**
     * The end of capture {@code index}, or a negative number if it is a position.
     *
     * @throws TextError if there is no such capture or the pattern never closes it
     */
    public int captureEnd(int index) {
        if (index < pattern.captures) {
            if (captureEnds[index] == UNFINISHED) {
                throw new TextError("unfinished capture");
            }
            return captureEnds[index];
        }
        return wholeMatch(index, matchEnd);
    }

    private int wholeMatch(int index, int position) {
        if (index != 0) {
            throw new TextError("invalid capture index %" + (index + 1));
        }
        return position;
    }

    private boolean isMandatory(int step) {
        return pattern.suffixes[step] == Pattern.ONCE || pattern.suffixes[step] == Pattern.MOST_BUT_ONE;
    }

    private int firstBehindCapture() {
        byte kind = kinds[0];
        return kind == Pattern.OPEN || kind == Pattern.POSITION ? pattern.nextStep[0] : -1;
    }

    /** The first index at or behind {@code at} whose byte the step takes, or the end of the subject. */
    private int skipTo(int step, int at) {
        int i = at;
        if (kinds[step] == Pattern.BYTE) {
            byte wanted = (byte) pattern.arguments[step];
            while (i < end && subject[i] != wanted) {
                i++;
            }
        } else {
            while (i < end && !pattern.accepts(step, subject[i] & 0xff)) {
                i++;
            }
        }
        return i;
    }

    private void burn(int steps) {
        fuel -= steps;
        if (fuel < 0) {
            int spent = METER_INTERVAL - fuel;
            fuel = METER_INTERVAL;
            meter.charge(spent);
        }
    }

    /** Matches from {@code step} at {@code at}; returns where the match ends, or -1. */
    private int match(int at, int step) {
        if (depth-- == 0) {
            throw new TextError("pattern too complex");
        }
        burn(1);
        int result = run(at, step);
        depth++;
        return result;
    }

    private int run(int at, int step) {
        while (true) {
            int argument = pattern.arguments[step];
            switch (kinds[step]) {
                case Pattern.END:
                    return at;
                case Pattern.OPEN:
                    captureStarts[argument] = at;
                    break;
                case Pattern.CLOSE:
                    captureEnds[argument] = at;
                    break;
                case Pattern.POSITION:
                    captureStarts[argument] = at;
                    captureEnds[argument] = IS_POSITION;
                    break;
                case Pattern.SUBJECT_END:
                    return at == end ? at : -1;
                case Pattern.BALANCED:
                    at = balanced(at, (byte) (argument >> 8), (byte) argument);
                    if (at < 0) {
                        return -1;
                    }
                    break;
                case Pattern.FRONTIER:
                    if (!isFrontier(at, argument)) {
                        return -1;
                    }
                    break;
                case Pattern.BACK_REFERENCE:
                    at = again(at, argument);
                    if (at < 0) {
                        return -1;
                    }
                    break;
                case Pattern.ERROR:
                    throw new TextError(Objects.requireNonNull(pattern.error));
                default:
                    switch (pattern.suffixes[step]) {
                        case Pattern.ONCE:
                            if (at == end || !pattern.accepts(step, subject[at] & 0xff)) {
                                return -1;
                            }
                            at++;
                            break;
                        case Pattern.OPTIONAL:
                            if (at < end && pattern.accepts(step, subject[at] & 0xff)) {
                                if (pattern.possessive[step]) {
                                    at++;
                                    break;
                                }
                                int result = match(at + 1, step + 1);
                                if (result >= 0) {
                                    return result;
                                }
                            }
                            break;
                        case Pattern.LEAST:
                            return least(at, step);
                        default:
                            int longest = repeat(at, step);
                            int shortest = pattern.suffixes[step] == Pattern.MOST_BUT_ONE ? at + 1 : at;
                            if (longest < shortest) {
                                return -1;
                            }
                            if (!pattern.possessive[step]) {
                                return most(shortest, longest, step);
                            }
                            at = longest;
                            break;
                    }
                    break;
            }
            step++;
        }
    }

    /** The end of the run of bytes from {@code at} that are in the step's class. */
    private int repeat(int at, int step) {
        int i = at;
        switch (kinds[step]) {
            case Pattern.ANY:
                i = end;
                break;
            case Pattern.BYTE:
                byte wanted = (byte) pattern.arguments[step];
                while (i < end && subject[i] == wanted) {
                    i++;
                }
                break;
            default:
                int set = pattern.arguments[step];
                long[] sets = pattern.sets;
                while (i < end && Pattern.contains(sets, set, subject[i] & 0xff)) {
                    i++;
                }
                break;
        }
        burn(i - at);
        return i;
    }

    /** Tries what follows behind the longest repetition first. */
    private int most(int shortest, int longest, int step) {
        int next = pattern.nextStep[step];
        for (int at = longest; at >= shortest; at--) {
            if (next < 0 || (at < end && pattern.accepts(next, subject[at] & 0xff))) {
                int result = match(at, step + 1);
                if (result >= 0) {
                    return result;
                }
            }
        }
        burn(longest - shortest);
        return -1;
    }

    /** Tries what follows behind the shortest repetition first. */
    private int least(int from, int step) {
        int next = pattern.nextStep[step];
        for (int at = from; ; at++) {
            if (next < 0 || (at < end && pattern.accepts(next, subject[at] & 0xff))) {
                int result = match(at, step + 1);
                if (result >= 0) {
                    return result;
                }
            }
            if (at == end || !pattern.accepts(step, subject[at] & 0xff)) {
                burn(at - from);
                return -1;
            }
        }
    }

    private int balanced(int at, byte opening, byte closing) {
        if (at == end || subject[at] != opening) {
            return -1;
        }
        int level = 1;
        for (int i = at + 1; i < end; i++) {
            byte b = subject[i];
            if (b == closing) {
                if (--level == 0) {
                    burn(i - at);
                    return i + 1;
                }
            } else if (b == opening) {
                level++;
            }
        }
        burn(end - at);
        return -1;
    }

    private boolean isFrontier(int at, int set) {
        int before = at == begin ? 0 : subject[at - 1] & 0xff;
        int here = at == end ? 0 : subject[at] & 0xff;
        return !Pattern.contains(pattern.sets, set, before) && Pattern.contains(pattern.sets, set, here);
    }

    private int again(int at, int capture) {
        int from = captureStarts[capture];
        int length = captureEnds[capture] - from;
        if (captureEnds[capture] < 0 || end - at < length) {
            return -1;
        }
        burn(length);
        return Arrays.equals(subject, from, from + length, subject, at, at + length) ? at + length : -1;
    }
}
