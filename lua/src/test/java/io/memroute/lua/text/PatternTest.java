package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternTest {
    /** Expected: start-end of the match (1-based, inclusive), then captures; positions as @n. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "hello~l+~3-4",
                "hello~xyz~none",
                "hello~``~1-0",
                "hello~^l~none",
                "hello~o$~5-5",
                "hello~l$~none",
                "a$b~a$b~1-3",
                "hello world~%w+$~7-11",
                "key = value~(%w+)%s*=%s*(%w+)~1-11 key value",
                "aaab~a-b~1-4",
                "aaab~a*b~1-4",
                "aaab~^a?b~none",
                "ab~(a*(.)b?)~1-2 ab b",
                "hello~()ll()~3-4 @3 @5",
                "THE (quick) fox~%((%a+)%)~5-11 quick",
                "f(a(b)c)d~%b()~2-8",
                "x~%b()~none",
                "((~%b()~none",
                "THE (quick) fox~%f[%a]%a+~1-3",
                "foo.bar~%f[%w]%w+$~5-7",
                "abcabc~(abc)%1~1-6 abc",
                "abcabd~(abc)%1~none",
                "a-b~[a%-]+~1-2",
                "a]b~[]]~2-2",
                "a^b~[%^x]~2-2",
                "a^b~[x^]~2-2",
                "x-z~[a-]~2-2",
                "m~[a-z]~1-1",
                "%~[%%]~1-1",
                "b~[^a]~1-1",
                "a~[^a]~none",
                "x.y~%.~2-2",
                "abc~.-~1-0",
                "abc~(.-)$~1-3 abc",
                "a1b2~%d~2-2",
                "a1~%D+~1-1",
                "`  trim  `~^%s*(.-)%s*$~1-8 trim",
                "aXb~%u~2-2",
                "^a~^^a~1-2",
                "abab~(ab)*~none",
                "ab*~(ab)*~1-3 ab",
                "aab~a+ab~1-3",
                "aaa~(a-)(a*)$~1-3 `` aaa",
            })
    void findsWhatLuaFinds(String subject, String pattern, String expected) {
        assertThat(find(subject, pattern)).isEqualTo(expected.replace(" `` ", "  "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a%~malformed pattern (ends with '%')",
                "a[b~malformed pattern (missing ']')",
                "a[~malformed pattern (missing ']')",
                "a[]~malformed pattern (missing ']')",
                "a[^]~malformed pattern (missing ']')",
                "a[a%]~malformed pattern (missing ']')",
                "a%b~malformed pattern (missing arguments to '%b')",
                "a%bx~malformed pattern (missing arguments to '%b')",
                "a%f~missing '[' after '%f' in pattern",
                "a%fb~missing '[' after '%f' in pattern",
                "a)~invalid pattern capture",
                "a%1~invalid capture index %1",
                "(a%1~invalid capture index %1",
                "a%0~invalid capture index %0",
                "(a~unfinished capture",
            })
    void reportsAMalformedPatternOnlyWhenAMatchReachesIt(String pattern, String message) {
        assertThatThrownBy(() -> find("a", pattern))
                .isInstanceOf(TextError.class)
                .hasMessage(message);
        assertThat(find("z", pattern)).isEqualTo("none");
    }

    @Test
    void allowsThirtyTwoCaptures() {
        assertThat(find("a", "()".repeat(32))).startsWith("1-0 @1 @1");
        assertThatThrownBy(() -> find("a", "()".repeat(33))).hasMessage("too many captures");
    }

    @Test
    void givesUpOnPatternsThatNestTooDeep() {
        assertThat(find("a".repeat(80), ".?".repeat(80))).isEqualTo("1-80");
        assertThatThrownBy(() -> find("a".repeat(300) + "b", "a?".repeat(300) + "b"))
                .hasMessage("pattern too complex");
    }

    @Test
    void matchesLongSubjectsWithoutRecursion() {
        String subject = "a".repeat(500_000) + "b";
        assertThat(find(subject, ".-b")).isEqualTo("1-500001");
        assertThat(find(subject, "a*b")).isEqualTo("1-500001");
        assertThat(find(subject, "(a*)b$")).startsWith("1-500001 ");
    }

    @Test
    void takesPatternsOfAnyLengthApart() {
        assertThat(find("a".repeat(200), "%a".repeat(200_000))).isEqualTo("none");
        assertThat(find("ab".repeat(3_000), "[a][b]".repeat(3_000))).isEqualTo("1-6000");
    }

    @Test
    void tellsTheMeterAboutWorkThatGrowsWithoutBound() {
        byte[] subject = Bytes.of("a".repeat(60));
        byte[] pattern = Bytes.of("a-".repeat(20) + "b");
        AtomicLong spent = new AtomicLong();
        WorkMeter meter = steps -> {
            if (spent.addAndGet(steps) > 1_000_000) {
                throw new IllegalStateException("budget used up");
            }
        };
        PatternMatcher matcher =
                new PatternMatcher(Pattern.compile(pattern, 0, pattern.length), subject, 0, subject.length, meter);
        assertThatThrownBy(() -> matcher.find(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void knowsLiteralPatterns() {
        assertThat(Pattern.compile(Bytes.of("abc]"), 0, 4).isLiteral()).isTrue();
        assertThat(Pattern.compile(Bytes.of("a.c"), 0, 3).isLiteral()).isFalse();
    }

    @Test
    void takesACaretAsAByteWhenNothingIsAnchored() {
        byte[] subject = Bytes.of("a^b");
        PatternMatcher matcher =
                new PatternMatcher(Pattern.compileUnanchored(Bytes.of("^b"), 0, 2), subject, 0, 3, WorkMeter.NONE);
        assertThat(matcher.find(0)).isTrue();
        assertThat(matcher.start()).isEqualTo(1);
    }

    private static String find(String subject, String pattern) {
        byte[] subjectBytes = Bytes.of("<" + subject + ">");
        byte[] patternBytes = Bytes.of("<" + pattern + ">");
        Pattern compiled = Pattern.compile(patternBytes, 1, pattern.length());
        PatternMatcher matcher = new PatternMatcher(compiled, subjectBytes, 1, subject.length(), WorkMeter.NONE);
        if (!matcher.find(1)) {
            return "none";
        }
        StringBuilder result =
                new StringBuilder().append(matcher.start()).append('-').append(matcher.end() - 1);
        for (int i = 0; i < matcher.captureCount(); i++) {
            int end = matcher.captureEnd(i);
            int start = matcher.captureStart(i);
            result.append(' ')
                    .append(
                            end < 0
                                    ? "@" + start
                                    : new ByteBuilder()
                                            .append(subjectBytes, start, end - start)
                                            .toString());
        }
        return result.toString();
    }
}
