package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random patterns against a matcher that follows the manual literally, on the pattern's text, with no shortcuts. */
class PatternFuzzTest {
    private static final String[] ITEMS = {
        "a", "b", ".", "%a", "%d", "%S", "[ab]", "[^a]", "[a-c]", "[]a]", "[%a-z]", "[a-]", "(", ")", "()", "%1", "%2",
        "$", "^", "%b()", "%f[a]", "%f[^%w]", "%", "[", "[^", "%b", "%f", "%%", "\0", "\u00ff"
    };
    private static final String[] SUFFIXES = {"", "", "", "*", "+", "-", "?"};
    private static final int MAX_STEPS = 2_000_000;

    @Test
    void agreesWithTheLiteralMatcher() {
        for (long seed = 1; seed <= 60_000; seed++) {
            Random random = new Random(seed);
            String pattern = pattern(random);
            String subject = subject(random);
            assertThat(compiled(pattern, subject))
                    .as("seed %d: pattern %s, subject %s", seed, pattern, subject)
                    .isEqualTo(new LiteralMatcher(pattern, subject).find());
        }
    }

    @Test
    void givesAMatchOrALuaErrorForAnyBytes() {
        for (long seed = 1; seed <= 30_000; seed++) {
            Random random = new Random(seed);
            byte[] pattern = new byte[random.nextInt(20)];
            byte[] subject = new byte[random.nextInt(40)];
            random.nextBytes(subject);
            for (int i = 0; i < pattern.length; i++) {
                pattern[i] = random.nextInt(3) == 0
                        ? (byte) random.nextInt()
                        : (byte) "^$*+?.([%-)bfaw1]".charAt(random.nextInt(17));
            }
            int[] steps = {0};
            WorkMeter meter = done -> {
                steps[0] += done;
                assertThat(steps[0]).isLessThan(MAX_STEPS);
            };
            try {
                new PatternMatcher(Pattern.compile(pattern, 0, pattern.length), subject, 0, subject.length, meter)
                        .find(0);
            } catch (TextError expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            pattern.append(ITEMS[random.nextInt(ITEMS.length)]).append(SUFFIXES[random.nextInt(SUFFIXES.length)]);
        }
        return pattern.toString();
    }

    private static String subject(Random random) {
        StringBuilder subject = new StringBuilder();
        for (int i = random.nextInt(14); i > 0; i--) {
            subject.append("aabbc()1 \0\u00ff".charAt(random.nextInt(11)));
        }
        return subject.toString();
    }

    private static String compiled(String pattern, String subject) {
        byte[] p = Bytes.of(pattern);
        byte[] s = Bytes.of(subject);
        PatternMatcher matcher = new PatternMatcher(Pattern.compile(p, 0, p.length), s, 0, s.length, WorkMeter.NONE);
        try {
            if (!matcher.find(0)) {
                return "none";
            }
            StringBuilder result =
                    new StringBuilder().append(matcher.start()).append('-').append(matcher.end());
            for (int i = 0; i < matcher.captureCount(); i++) {
                int end = matcher.captureEnd(i);
                result.append(' ').append(matcher.captureStart(i)).append(':').append(end < 0 ? "position" : end);
            }
            return result.toString();
        } catch (TextError e) {
            return e.getMessage();
        }
    }

    /** The manual's rules applied to the text of the pattern by plain recursion. */
    private static final class LiteralMatcher {
        private static final int POSITION = -1;
        private static final int OPEN = -2;

        private final String pattern;
        private final String subject;
        private final int[] starts = new int[Pattern.MAX_CAPTURES];
        private final int[] ends = new int[Pattern.MAX_CAPTURES];
        private int level;

        LiteralMatcher(String pattern, String subject) {
            this.pattern = pattern;
            this.subject = subject;
        }

        String find() {
            boolean anchor = pattern.startsWith("^");
            try {
                for (int s = 0; s <= subject.length(); s++) {
                    level = 0;
                    int end = match(s, anchor ? 1 : 0);
                    if (end >= 0) {
                        return describe(s, end);
                    }
                    if (anchor) {
                        break;
                    }
                }
                return "none";
            } catch (TextError e) {
                return e.getMessage();
            }
        }

        private String describe(int start, int end) {
            StringBuilder result = new StringBuilder().append(start).append('-').append(end);
            for (int i = 0; i < level; i++) {
                if (ends[i] == OPEN) {
                    throw new TextError("unfinished capture");
                }
                result.append(' ').append(starts[i]).append(':').append(ends[i] == POSITION ? "position" : ends[i]);
            }
            return result.toString();
        }

        private int at(int p) {
            return p < pattern.length() ? pattern.charAt(p) : -1;
        }

        private int match(int s, int p) {
            if (p == pattern.length()) {
                return s;
            }
            switch (at(p)) {
                case '(':
                    return open(s, at(p + 1) == ')' ? p + 2 : p + 1, at(p + 1) == ')' ? POSITION : OPEN);
                case ')':
                    return close(s, p + 1);
                case '$':
                    if (p + 1 == pattern.length()) {
                        return s == subject.length() ? s : -1;
                    }
                    break;
                case '%':
                    int c = at(p + 1);
                    if (c == 'b') {
                        return balance(s, p + 2);
                    } else if (c == 'f') {
                        return frontier(s, p + 2);
                    } else if (c >= '0' && c <= '9') {
                        return backReference(s, p + 2, c - '1');
                    }
                    break;
                default:
                    break;
            }
            int end = classEnd(p);
            switch (at(end)) {
                case '?':
                    if (single(s, p, end)) {
                        int result = match(s + 1, end + 1);
                        if (result >= 0) {
                            return result;
                        }
                    }
                    return match(s, end + 1);
                case '+':
                    return single(s, p, end) ? longest(s + 1, p, end) : -1;
                case '*':
                    return longest(s, p, end);
                case '-':
                    for (int i = s; ; i++) {
                        int result = match(i, end + 1);
                        if (result >= 0 || !single(i, p, end)) {
                            return result;
                        }
                    }
                default:
                    return single(s, p, end) ? match(s + 1, end) : -1;
            }
        }

        private int longest(int s, int p, int end) {
            int i = s;
            while (single(i, p, end)) {
                i++;
            }
            for (; i >= s; i--) {
                int result = match(i, end + 1);
                if (result >= 0) {
                    return result;
                }
            }
            return -1;
        }

        private int open(int s, int p, int kind) {
            starts[level] = s;
            ends[level++] = kind;
            int result = match(s, p);
            if (result < 0) {
                level--;
            }
            return result;
        }

        private int close(int s, int p) {
            int capture = level - 1;
            while (capture >= 0 && ends[capture] != OPEN) {
                capture--;
            }
            if (capture < 0) {
                throw new TextError("invalid pattern capture");
            }
            ends[capture] = s;
            int result = match(s, p);
            if (result < 0) {
                ends[capture] = OPEN;
            }
            return result;
        }

        private int balance(int s, int p) {
            if (p + 1 >= pattern.length()) {
                throw new TextError("malformed pattern (missing arguments to '%b')");
            }
            if (s >= subject.length() || subject.charAt(s) != at(p)) {
                return -1;
            }
            int depth = 1;
            for (int i = s + 1; i < subject.length(); i++) {
                if (subject.charAt(i) == at(p + 1)) {
                    if (--depth == 0) {
                        return match(i + 1, p + 2);
                    }
                } else if (subject.charAt(i) == at(p)) {
                    depth++;
                }
            }
            return -1;
        }

        private int frontier(int s, int p) {
            if (at(p) != '[') {
                throw new TextError("missing '[' after '%f' in pattern");
            }
            int end = classEnd(p);
            int before = s == 0 ? 0 : subject.charAt(s - 1);
            int here = s == subject.length() ? 0 : subject.charAt(s);
            return !inBracket(before, p, end) && inBracket(here, p, end) ? match(s, end) : -1;
        }

        private int backReference(int s, int p, int capture) {
            if (capture < 0 || capture >= level || ends[capture] == OPEN) {
                throw new TextError("invalid capture index %" + (capture + 1));
            }
            if (ends[capture] == POSITION) {
                return -1;
            }
            String text = subject.substring(starts[capture], ends[capture]);
            return subject.startsWith(text, s) ? match(s + text.length(), p) : -1;
        }

        private int classEnd(int p) {
            if (at(p) == '%') {
                if (p + 1 == pattern.length()) {
                    throw new TextError("malformed pattern (ends with '%')");
                }
                return p + 2;
            }
            if (at(p) != '[') {
                return p + 1;
            }
            int i = at(p + 1) == '^' ? p + 2 : p + 1;
            do {
                if (i >= pattern.length()) {
                    throw new TextError("malformed pattern (missing ']')");
                }
                i += at(i) == '%' ? 2 : 1;
            } while (at(i) != ']');
            return i + 1;
        }

        private boolean single(int s, int p, int end) {
            if (s >= subject.length()) {
                return false;
            }
            int c = subject.charAt(s);
            return switch (at(p)) {
                case '.' -> true;
                case '%' -> inClass(c, at(p + 1));
                case '[' -> inBracket(c, p, end);
                default -> at(p) == c;
            };
        }

        private boolean inBracket(int c, int p, int end) {
            boolean negated = at(p + 1) == '^';
            int last = end - 1;
            for (int i = negated ? p + 2 : p + 1; i < last; i++) {
                if (at(i) == '%') {
                    i++;
                    if (inClass(c, at(i))) {
                        return !negated;
                    }
                } else if (at(i + 1) == '-' && i + 2 < last) {
                    if (at(i) <= c && c <= at(i + 2)) {
                        return !negated;
                    }
                    i += 2;
                } else if (at(i) == c) {
                    return !negated;
                }
            }
            return negated;
        }

        private static boolean inClass(int c, int letter) {
            boolean ascii = c < 128;
            return switch (letter) {
                case 'a' -> ascii && Character.isLetter(c);
                case 'A' -> !inClass(c, 'a');
                case 'd' -> c >= '0' && c <= '9';
                case 's' -> c == ' ' || (c >= 9 && c <= 13);
                case 'S' -> !inClass(c, 's');
                case 'w' -> inClass(c, 'a') || inClass(c, 'd');
                default -> c == letter;
            };
        }
    }
}
