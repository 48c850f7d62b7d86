package io.memroute.protocol;

import static io.memroute.protocol.Lines.bytes;
import static io.memroute.protocol.Lines.describe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
    private static final String LONGEST_KEY = "k".repeat(250);
    private static final String TOO_LONG_KEY = "k".repeat(251);

    private final RequestParser parser = new RequestParser();
    private final Request request = new Request();

    /**
     * Parses a line at every split point, alone, at odd offsets and among hostile neighbours, heap and direct, and
     * returns what all of them agree on.
     */
    private String parse(String line) {
        return parse(parser, line);
    }

    private String parse(RequestParser parser, String line) {
        byte[] bytes = bytes(line);
        String result = describe(parser.parse(Lines.exact(bytes), 0, bytes.length, request), request);
        for (int cut = 0; cut < bytes.length; cut++) {
            int part = parser.parse(Lines.exact(Arrays.copyOf(bytes, cut)), 0, cut, request);
            assertThat(part).as("first %d bytes of %s", cut, line).isEqualTo(RequestParser.INCOMPLETE);
        }
        for (int offset = 0; offset < 9; offset++) {
            for (char filler : new char[] {'\n', ' ', '\r', 'v', 0}) {
                ByteBuf buffer = Lines.surrounded(bytes, offset, filler);
                int whole = parser.parse(buffer, offset, offset + bytes.length, request);
                assertThat(describe(whole, request))
                        .as("offset %d among '%s'", offset, filler)
                        .isEqualTo(result);
                assertThat(request.start()).isEqualTo(offset);
                assertThat(parser.parse(buffer, offset, offset + bytes.length - 1, request))
                        .isEqualTo(RequestParser.INCOMPLETE);
                buffer.release();
            }
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        get foo                           | GET key=foo tokens=2/2 line=7/9
        get f                             | GET key=f tokens=2/2 line=5/7
        gets foo                          | GETS key=foo tokens=2/2 line=8/10
        get foo bar                       | GET key=foo keys=2[foo,bar] tokens=3/3 line=11/13
        gets a  b   c                     | GETS key=a keys=3[a,b,c] tokens=4/4 line=13/15
        gat 100 foo                       | GAT key=foo tokens=3/3 line=11/13
        gats -1 foo bar                   | GATS key=foo keys=2[foo,bar] tokens=4/4 line=15/17
        set foo 1 2 3                     | SET key=foo value=3 tokens=5/5 line=13/15
        set foo 1 2 3 noreply             | SET key=foo value=3 noreply tokens=6/6 line=21/23
        add foo 0 -1 0                    | ADD key=foo value=0 tokens=5/5 line=14/16
        replace foo 4294967295 1700000000 1048576 | REPLACE key=foo value=1048576 tokens=5/5 line=41/43
        append foo 0 0 10 noreply         | APPEND key=foo value=10 noreply tokens=6/6 line=25/27
        prepend foo 0 0 10                | PREPEND key=foo value=10 tokens=5/5 line=18/20
        cas foo 0 0 5 18446744073709551615 | CAS key=foo value=5 tokens=6/6 line=34/36
        cas foo 0 0 5 7 noreply           | CAS key=foo value=5 noreply tokens=7/7 line=23/25
        incr foo 1                        | INCR key=foo tokens=3/3 line=10/12
        decr foo 18446744073709551615 noreply | DECR key=foo noreply tokens=4/4 line=37/39
        touch foo 0                       | TOUCH key=foo tokens=3/3 line=11/13
        touch foo -5 noreply              | TOUCH key=foo noreply tokens=4/4 line=20/22
        delete foo                        | DELETE key=foo tokens=2/2 line=10/12
        delete foo noreply                | DELETE key=foo noreply tokens=3/3 line=18/20
        mg foo                            | MG key=foo tokens=2/2 line=6/8
        mg foo v                          | MG key=foo v tokens=3/3 line=8/10
        mg foo t v k Oabc q               | MG key=foo O(abc) k q t v tokens=7/7 line=19/21
        mg Zm9v b k v                     | MG key=Zm9v b k v tokens=5/5 line=13/15
        ms foo 5 T30 F7 C123 MS I E9      | MS key=foo value=5 C(123) E(9) F(7) I M(S) T(30) tokens=9/9 line=28/30
        ms foo 0                          | MS key=foo value=0 tokens=3/3 line=8/10
        md foo q C5 x I T30               | MD key=foo C(5) I T(30) q x tokens=7/7 line=19/21
        ma foo N0 J13 D2 MD t c           | MA key=foo D(2) J(13) M(D) N(0) c t tokens=8/8 line=23/25
        me foo                            | ME key=foo tokens=2/2 line=6/8
        me Zm9v b                         | ME key=Zm9v b tokens=3/3 line=9/11
        mn                                | MN tokens=1/1 line=2/4
        quit                              | QUIT tokens=1/1 line=4/6
        stats                             | STATS tokens=1/1 line=5/7
        stats detail on                   | STATS tokens=3/3 line=15/17
        version                           | VERSION tokens=1/1 line=7/9
        watch fetchers mutations          | WATCH tokens=3/3 line=24/26
        slabs reassign 1 2                | SLABS tokens=4/4 line=18/20
        lru mode flat                     | LRU tokens=3/3 line=13/15
        shutdown graceful                 | SHUTDOWN tokens=2/2 line=17/19
        extstore item_size 5              | EXTSTORE tokens=3/3 line=20/22
        flush_all                         | FLUSH_ALL tokens=1/1 line=9/11
        flush_all 10 noreply              | FLUSH_ALL noreply tokens=3/3 line=20/22
        flush_all noreply                 | FLUSH_ALL noreply tokens=2/2 line=17/19
        verbosity 1                       | VERBOSITY tokens=2/2 line=11/13
        verbosity 1 noreply               | VERBOSITY noreply tokens=3/3 line=19/21
        lru_crawler metadump all          | LRU_CRAWLER tokens=3/3 line=24/26
        refresh_certs                     | REFRESH_CERTS tokens=1/1 line=13/15
        cache_memlimit 64                 | CACHE_MEMLIMIT tokens=2/2 line=17/19
        """)
    void readsEveryCommandAtEverySplitPoint(String line, String expected) {
        assertThat(parse(line + "\r\n")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        get                       | GET tokens=1/1 line=3/5 malformed BAD_LINE
        gets                      | GETS tokens=1/1 line=4/6 malformed BAD_LINE
        gat 10                    | GAT tokens=2/2 line=6/8 malformed BAD_LINE
        gat x foo                 | GAT key=foo tokens=3/3 line=9/11 malformed INVALID_EXPTIME
        gat 2147483648 foo        | GAT key=foo tokens=3/3 line=18/20 malformed INVALID_EXPTIME
        gats foo bar baz          | GATS key=bar keys=2[bar,baz] tokens=4/4 line=16/18 malformed INVALID_EXPTIME
        set foo 0 0               | SET tokens=4/4 line=11/13 malformed BAD_LINE
        set foo 0 0 x             | SET key=foo tokens=5/5 line=13/15 malformed BAD_LINE
        set foo 0 0 -1            | SET key=foo tokens=5/5 line=14/16 malformed BAD_LINE
        set foo 0 0 2147483646    | SET key=foo tokens=5/5 line=22/24 malformed BAD_LINE
        set foo 0 0 99999999999   | SET key=foo tokens=5/5 line=23/25 malformed BAD_LINE
        set foo 0 0 999999999999  | SET key=foo tokens=5/5 line=24/26 malformed BAD_LINE
        set foo x 0 5             | SET key=foo value=5 tokens=5/5 line=13/15 malformed BAD_LINE
        set foo 0 x 5             | SET key=foo value=5 tokens=5/5 line=13/15 malformed BAD_LINE
        set foo -1 0 5            | SET key=foo value=5 tokens=5/5 line=14/16 malformed BAD_LINE
        set foo 0 0x1 5 noreply   | SET key=foo value=5 noreply tokens=6/6 line=23/25 malformed BAD_LINE
        cas foo 0 0 5             | CAS key=foo value=5 tokens=5/5 line=13/15 malformed BAD_LINE
        cas foo 0 0 5 x           | CAS key=foo value=5 tokens=6/6 line=15/17 malformed BAD_LINE
        cas foo 0 0 5 -1          | CAS key=foo value=5 tokens=6/6 line=16/18 malformed BAD_LINE
        cas foo 0 0 5 18446744073709551616 | CAS key=foo value=5 tokens=6/6 line=34/36 malformed BAD_LINE
        cas foo 0 0 5 99999999999999999999 | CAS key=foo value=5 tokens=6/6 line=34/36 malformed BAD_LINE
        incr foo                  | INCR tokens=2/2 line=8/10 malformed BAD_LINE
        incr foo x                | INCR key=foo tokens=3/3 line=10/12 malformed INVALID_DELTA
        incr foo -1               | INCR key=foo tokens=3/3 line=11/13 malformed INVALID_DELTA
        decr foo 18446744073709551616 | DECR key=foo tokens=3/3 line=29/31 malformed INVALID_DELTA
        touch foo                 | TOUCH tokens=2/2 line=9/11 malformed BAD_LINE
        touch foo x               | TOUCH key=foo tokens=3/3 line=11/13 malformed INVALID_EXPTIME
        touch foo 2147483648      | TOUCH key=foo tokens=3/3 line=20/22 malformed INVALID_EXPTIME
        touch foo -2147483649     | TOUCH key=foo tokens=3/3 line=21/23 malformed INVALID_EXPTIME
        delete                    | DELETE tokens=1/1 line=6/8 malformed BAD_LINE
        mg                        | MG tokens=1/1 line=2/4 malformed BAD_LINE
        mg foo %                  | MG key=foo tokens=3/3 line=8/10 malformed BAD_LINE
        mg foo v v                | MG key=foo v tokens=4/4 line=10/12 malformed DUPLICATE_FLAG
        mg foo Tx                 | MG key=foo T(x) tokens=3/3 line=9/11 malformed BAD_FLAG_TOKEN
        mg foo T                  | MG key=foo T tokens=3/3 line=8/10 malformed BAD_FLAG_TOKEN
        mg foo N99999999999       | MG key=foo N(99999999999) tokens=3/3 line=19/21 malformed BAD_FLAG_TOKEN
        mg foo C-1                | MG key=foo C(-1) tokens=3/3 line=10/12 malformed BAD_FLAG_TOKEN
        mg foo b                  | MG key=foo b tokens=3/3 line=8/10 malformed UNDECODABLE_KEY
        mg foo Tx J               | MG key=foo J T(x) tokens=4/4 line=11/13 malformed INVALID_INITIAL_VALUE
        mg foo Z Tx               | MG key=foo T(x) Z unknown-flags tokens=4/4 line=11/13 malformed INVALID_FLAG
        ms foo                    | MS tokens=2/2 line=6/8 malformed BAD_LINE
        ms foo x                  | MS key=foo tokens=3/3 line=8/10 malformed BAD_LINE
        ms foo -5                 | MS key=foo tokens=3/3 line=9/11 malformed BAD_LINE
        ms foo S5                 | MS key=foo tokens=3/3 line=9/11 malformed BAD_LINE
        ms foo 5 (                | MS key=foo value=5 tokens=4/4 line=10/12 malformed BAD_LINE
        ms foo 5 Fx               | MS key=foo value=5 F(x) tokens=4/4 line=11/13 malformed BAD_LINE
        ms foo 5 T1 T1            | MS key=foo value=5 T(1) tokens=5/5 line=14/16 malformed DUPLICATE_FLAG
        ma foo Dx                 | MA key=foo D(x) tokens=3/3 line=9/11 malformed INVALID_OR_DUPLICATE_FLAG
        ma foo q q                | MA key=foo q tokens=4/4 line=10/12 malformed INVALID_OR_DUPLICATE_FLAG
        me foo b                  | ME key=foo b tokens=3/3 line=8/10 malformed BAD_LINE
        nonsense                  | UNKNOWN tokens=1/1 line=8/10 malformed UNKNOWN_COMMAND
        GET foo                   | UNKNOWN tokens=2/2 line=7/9 malformed UNKNOWN_COMMAND
        getx foo                  | UNKNOWN tokens=2/2 line=8/10 malformed UNKNOWN_COMMAND
        flush_alls                | UNKNOWN tokens=1/1 line=10/12 malformed UNKNOWN_COMMAND
        bogus noreply             | UNKNOWN noreply tokens=2/2 line=13/15 malformed UNKNOWN_COMMAND
        POST / HTTP/1.1           | UNKNOWN tokens=3/3 line=15/17 malformed HTTP_REQUEST
        x                         | UNKNOWN tokens=1/1 line=1/3 malformed BAD_LINE
        """)
    void refusesAMalformedLineWithMemcachedsError(String line, String expected) {
        assertThat(parse(line + "\r\n")).isEqualTo(expected);
    }

    @Test
    void refusesAnEmptyLineAndAnEmptyCommandWord() {
        assertThat(parse("\r\n")).isEqualTo("UNKNOWN tokens=0/0 line=0/2 malformed BAD_LINE");
        assertThat(parse("\n")).isEqualTo("UNKNOWN tokens=0/0 line=0/1 malformed BAD_LINE");
        assertThat(parse("   \r\n")).isEqualTo("UNKNOWN tokens=0/0 line=3/5 malformed UNKNOWN_COMMAND");
        assertThat(parse(" get foo\r\n")).isEqualTo("UNKNOWN tokens=2/2 line=8/10 malformed UNKNOWN_COMMAND");
    }

    @ParameterizedTest
    @CsvSource({
        "get %s",
        "gets %s",
        "gat 0 %s",
        "set %s 0 0 1",
        "cas %s 0 0 1 1",
        "incr %s 1",
        "touch %s 1",
        "delete %s",
        "mg %s v",
        "ms %s 1",
        "md %s",
        "ma %s",
        "me %s",
        "get a %s",
        "gat 0 a %s"
    })
    void takesKeysOf250BytesAndRefusesLongerOnes(String form) {
        assertThat(parse(form.formatted(LONGEST_KEY) + "\r\n")).doesNotContain("malformed");
        assertThat(parse(form.formatted(TOO_LONG_KEY) + "\r\n")).endsWith("malformed BAD_LINE");
    }

    @Test
    void keepsTheLengthOfAValueWhoseLineIsRefused() {
        assertThat(parse("set " + TOO_LONG_KEY + " 0 0 12\r\n"))
                .contains("value=12")
                .endsWith("malformed BAD_LINE");
        assertThat(parse("ms " + TOO_LONG_KEY + " 12\r\n")).contains("value=12").endsWith("malformed BAD_LINE");
        RequestParser small = new RequestParser(2048, 4096, 10);
        assertThat(parse(small, "set k 0 0 10\r\n")).doesNotContain("malformed");
        assertThat(parse(small, "set k 0 0 11\r\n")).contains("value=11").endsWith("malformed VALUE_TOO_LARGE");
        assertThat(parse(small, "ms k 11\r\n")).contains("value=11").endsWith("malformed VALUE_TOO_LARGE");
    }

    @ParameterizedTest
    @CsvSource({
        "get noreply",
        "gets noreply",
        "get a noreply",
        "gat 0 noreply",
        "gats 0 a noreply",
        "delete noreply",
        "mg noreply",
        "mg a noreply",
        "set noreply 0 0 1",
        "incr noreply 1",
        "touch noreply 1",
        "mn noreply",
        "stats noreply"
    })
    void neverTakesAKeyForTheOptionNoreply(String line) {
        assertThat(describe(parser.parse(Lines.exact(bytes(line + "\r\n")), 0, line.length() + 2, request), request))
                .doesNotContain(" noreply tokens");
        assertThat(request.noreply()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "set foo 0 0 5",
        "add foo 0 0 5",
        "replace foo 0 0 5",
        "append foo 0 0 5",
        "prepend foo 0 0 5",
        "cas foo 0 0 5 1",
        "incr foo 1",
        "decr foo 1",
        "touch foo 0",
        "delete foo"
    })
    void passesOverWordsBehindTheArgumentsButForTheOptionAtTheEnd(String line) {
        for (String words = " x"; words.length() < 80; words += " 0") {
            assertThat(parse(line + words + "\r\n")).doesNotContain("noreply").doesNotContain("malformed");
            assertThat(parse(line + words + " noreply\r\n"))
                    .contains("key=foo")
                    .contains(" noreply tokens")
                    .doesNotContain("malformed");
            assertThat(parse(line + " noreply" + words + "\r\n"))
                    .doesNotContain("noreply")
                    .doesNotContain("malformed");
        }
    }

    @Test
    void takesLinesThatEndWithABareNewline() {
        assertThat(parse("get foo\n")).isEqualTo("GET key=foo tokens=2/2 line=7/8");
        assertThat(parse("mg foo v\n")).isEqualTo("MG key=foo v tokens=3/3 line=8/9");
        assertThat(parse("mn\n")).isEqualTo("MN tokens=1/1 line=2/3");
        assertThat(parse("set foo 0 0 5 noreply\n")).isEqualTo("SET key=foo value=5 noreply tokens=6/6 line=21/22");
    }

    @Test
    void takesSpacesBeforeTheLineEndForNothing() {
        assertThat(parse("get foo \r\n")).isEqualTo("GET key=foo tokens=2/2 line=8/10");
        assertThat(parse("mg  foo   v  \r\n")).isEqualTo("MG key=foo v tokens=3/3 line=13/15");
        assertThat(parse("delete foo  noreply  \r\n")).isEqualTo("DELETE key=foo noreply tokens=3/3 line=21/23");
    }

    @Test
    void takesControlBytesAndHighBytesAsPartsOfAKey() {
        assertThat(parse("get a\tb\r\n")).startsWith("GET key=a\tb ");
        assertThat(parse("get a\rb\r\n")).startsWith("GET key=a\rb ");
        assertThat(parse("get a\r\r\n")).startsWith("GET key=a\r ");
        assertThat(parse("get \u0001\u00ff\u0080\r\n")).startsWith("GET key=\u0001\u00ff\u0080 ");
        assertThat(parse("mg \u00a0\u008a\r\n")).startsWith("MG key=\u00a0\u008a ");
    }

    /** To older servers such a line ends there. */
    @ParameterizedTest
    @CsvSource({
        "get 0",
        "get a 0",
        "set a0b 0 0 5",
        "set a 0 0 5 noreply0",
        "delete a noreply0",
        "mg a v0",
        "mg a-long-key v O0123",
        "ms a0 5",
        "touch a 5 0"
    })
    void refusesAZeroByteAnywhereInALine(String form) {
        for (int at = form.indexOf('0'); at >= 0; at = form.indexOf('0', at + 1)) {
            String line = form.substring(0, at) + '\0' + form.substring(at + 1);
            assertThat(parse(line + "\r\n")).as(line).contains("malformed");
        }
        assertThat(parse("set a\0b 0 0 5\r\n")).contains("value=5").endsWith("malformed BAD_LINE");
        assertThat(parse("delete a noreply\0\r\n")).endsWith("malformed BAD_LINE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mg foo F                  | true
        mg foo Tx                 | true
        mg foo v T N C            | true
        ms foo 5 Fx               | true
        ma foo Dx                 | true
        mg foo Z Tx               | true
        mg foo v                  | false
        mg foo b                  | false
        mg foo q q                | false
        mg foo v Tx %             | false
        ms foo x Tx               | false
        ms foo                    | false
        touch foo x               | false
        nonsense                  | false
        """)
    void knowsWhenOnlyTheTextOfAFlagIsWrong(String line, boolean expected) {
        byte[] bytes = bytes(line + "\r\n");
        parser.parse(Lines.exact(bytes), 0, bytes.length, request);
        assertThat(request.onlyFlagTextWrong()).isEqualTo(expected);
    }

    @Test
    void aKeyThatIsTooLongIsMoreThanAWrongFlag() {
        byte[] bytes = bytes("mg " + TOO_LONG_KEY + " Tx\r\n");
        parser.parse(Lines.exact(bytes), 0, bytes.length, request);
        assertThat(request.onlyFlagTextWrong()).isFalse();
    }

    @Test
    void takesSignsAndLargeNumbersWhereTheCLibraryDoes() {
        assertThat(parse("set k +5 -5 1\r\n")).doesNotContain("malformed");
        assertThat(parse("set k 4294967296 +9223372036854775807 1\r\n")).doesNotContain("malformed");
        assertThat(parse("set k 0 9223372036854775808 1\r\n")).endsWith("malformed BAD_LINE");
        assertThat(parse("set k + 0 1\r\n")).endsWith("malformed BAD_LINE");
        assertThat(parse("set k 0 - 1\r\n")).endsWith("malformed BAD_LINE");
    }

    @Test
    void letsUnknownFlagsPassAndSaysSo() {
        assertThat(parse("mg foo v Z9 5\r\n")).isEqualTo("MG key=foo Z(9) v unknown-flags tokens=5/5 line=13/15");
        assertThat(parse("mg foo v\r\n")).doesNotContain("unknown-flags");
    }

    @Test
    void boundsTheOpaqueAndTheNumberOfFlagsAsMemcachedDoes() {
        assertThat(parse("mg foo O" + "x".repeat(31) + "\r\n")).doesNotContain("malformed");
        assertThat(parse("mg foo O" + "x".repeat(32) + "\r\n")).endsWith("malformed OPAQUE_TOO_LONG");
        StringBuilder line = new StringBuilder("mg foo");
        for (char letter : "lOPLkstcfvhuqxABGH".toCharArray()) {
            line.append(' ').append(letter);
        }
        assertThat(parse(line + "\r\n")).doesNotContain("malformed").contains("tokens=20/20");
        assertThat(parse(line + " Q\r\n")).endsWith("malformed TOO_MANY_FLAGS");
    }

    @Test
    void indexesTwentyFourTokensAndWalksOverAllKeys() {
        StringBuilder line = new StringBuilder("gets");
        for (int i = 0; i < 5000; i++) {
            line.append(" key").append(i);
        }
        byte[] bytes = bytes(line + "\r\n");
        ByteBuf buffer = Lines.exact(bytes);
        assertThat(parser.parse(buffer, 0, bytes.length, request)).isEqualTo(RequestParser.COMPLETE);
        assertThat(request.keyCount()).isEqualTo(5000);
        assertThat(request.tokenCount()).isEqualTo(24);
        assertThat(Lines.text(buffer, request.tokenIndex(23), request.tokenLength(23)))
                .isEqualTo("key22");
        int count = 0;
        for (int key = request.keyIndex(), end = key; key >= 0; key = request.nextKey(end)) {
            end = request.keyEnd(key);
            assertThat(Lines.text(buffer, key, end - key)).isEqualTo("key" + count++);
        }
        assertThat(count).isEqualTo(5000);
    }

    @Test
    void refusesLinesOverTheirLimitBeforeAndAfterTheLineEnd() {
        RequestParser narrow = new RequestParser(32, 64, 100);
        String fits = "delete " + "k".repeat(23);
        assertThat(parse(narrow, fits + "\r\n")).isEqualTo("DELETE key=" + "k".repeat(23) + " tokens=2/2 line=30/32");
        byte[] over = bytes(fits + "k\r\n");
        assertThat(narrow.parse(Lines.exact(over), 0, over.length, request)).isEqualTo(RequestParser.LINE_TOO_LONG);
        assertThat(request.end()).isEqualTo(33);
        assertThat(request.error().reply()).isEqualTo(bytes("CLIENT_ERROR request too long\r\n"));
        byte[] endless = bytes("delete " + "k".repeat(26));
        assertThat(narrow.parse(Lines.exact(endless), 0, 32, request)).isEqualTo(RequestParser.INCOMPLETE);
        assertThat(narrow.parse(Lines.exact(endless), 0, 33, request)).isEqualTo(RequestParser.LINE_TOO_LONG);
        assertThat(request.end()).isEqualTo(33);
    }

    @ParameterizedTest
    @CsvSource({
        "get",
        "get a",
        "gats 10 key-one key-two",
        "mg some-key v t",
        "nonsense that is long",
        "delete kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
        "get aaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbb ccccccccccccccccc ddddd"
    })
    void findsTheSameWhenItLooksOnlyAtWhatIsNew(String line) {
        RequestParser narrow = new RequestParser(32, 64, 100);
        byte[] bytes = bytes(line + "\r\n");
        for (int cut = 0; cut < bytes.length; cut++) {
            ByteBuf first = Lines.exact(Arrays.copyOf(bytes, cut));
            if (narrow.parse(first, 0, cut, request) != RequestParser.INCOMPLETE) {
                break;
            }
            for (int more = cut; more <= bytes.length; more++) {
                ByteBuf buffer = Lines.exact(Arrays.copyOf(bytes, more));
                String expected = describe(narrow.parse(buffer, 0, more, request), request);
                assertThat(describe(narrow.parse(buffer, 0, more, cut, request), request))
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"get a", "gets a", "gat 0 a", "gats 0 a"})
    void allowsMultigetsTheirOwnLimit(String start) {
        RequestParser narrow = new RequestParser(32, 64, 100);
        String line = start + " b".repeat((62 - start.length()) / 2);
        assertThat(parse(narrow, line + "\r\n")).doesNotContain("malformed").doesNotContain("too long");
        byte[] endless = bytes(start + " b".repeat(40));
        assertThat(narrow.parse(Lines.exact(endless), 0, 64, request)).isEqualTo(RequestParser.INCOMPLETE);
        assertThat(narrow.parse(Lines.exact(endless), 0, 65, request)).isEqualTo(RequestParser.LINE_TOO_LONG);
    }

    @Test
    void readsTheMostFrequentRequestsWithKeysOfEveryLength() {
        for (int length = 1; length <= 250; length++) {
            String key = "k".repeat(length);
            assertThat(parse("get " + key + "\r\n"))
                    .isEqualTo("GET key=%s tokens=2/2 line=%d/%d", key, length + 4, length + 6);
            assertThat(parse("mg " + key + " v\r\n"))
                    .isEqualTo("MG key=%s v tokens=3/3 line=%d/%d", key, length + 5, length + 7);
        }
        assertThat(parse("mg k v \r\n")).isEqualTo("MG key=k v tokens=3/3 line=7/9");
        assertThat(parse("mg  v\r\n")).isEqualTo("MG key=v tokens=2/2 line=5/7");
        assertThat(parse("get  k\r\n")).isEqualTo("GET key=k tokens=2/2 line=6/8");
    }

    @Test
    void readsPipelinedRequestsOneAfterTheOther() {
        byte[] bytes = bytes("get a\r\nmg b v\r\nset c 0 0 3\r\nget\r\nget d e\r\nmn\r\n");
        ByteBuf buffer = Lines.exact(bytes);
        StringBuilder seen = new StringBuilder();
        for (int at = 0; at < bytes.length; at = next()) {
            assertThat(parser.parse(buffer, at, bytes.length, request)).isEqualTo(RequestParser.COMPLETE);
            seen.append(request.command()).append(' ');
        }
        assertThat(seen.toString()).isEqualTo("GET MG SET GET MN ");
    }

    private int next() {
        return request.end() + request.valueBytes();
    }

    @Test
    void standsForOneKeyOfAMultigetAndForgetsItWithTheNextLine() {
        for (String start : new String[] {"gets", "gat 100"}) {
            byte[] bytes = bytes(start + "  first second third\r\n");
            ByteBuf buffer = Lines.exact(bytes);
            parser.parse(buffer, 0, bytes.length, request);
            int second = request.nextKey(request.keyIndex() + request.keyLength());
            Request part = new Request();
            // As a reused one may be.
            parser.parse(Lines.exact(bytes("mg foo v Z q\r\n")), 0, 14, part);
            part.setKeyOf(request, second, 6);
            assertThat(describe(RequestParser.COMPLETE, part))
                    .isEqualTo(
                            "%s key=second tokens=%2$d/%2$d line=%3$d/%4$d",
                            request.command(), start.startsWith("gat") ? 3 : 2, bytes.length - 2, bytes.length);
            assertThat(Lines.text(buffer, part.start(), part.prefixLength())).isEqualTo(start + "  ");
            assertThat(part.partOfMultiget()).isTrue();
            for (String next : new String[] {"get foo\r\n", "mg foo v\r\n", "delete foo\r\n"}) {
                part.setKeyOf(request, second, 6);
                parser.parse(Lines.exact(bytes(next)), 0, next.length(), part);
                assertThat(part.partOfMultiget()).as(next).isFalse();
            }
        }
    }

    @Test
    void forgetsThePreviousRequest() {
        parse("ms foo 5 T30 q\r\n");
        assertThat(parse("get foo\r\n")).isEqualTo("GET key=foo tokens=2/2 line=7/9");
        parse("set " + TOO_LONG_KEY + " 0 0 5 noreply\r\n");
        assertThat(parse("mn\r\n")).isEqualTo("MN tokens=1/1 line=2/4");
    }

    @Test
    void namesTheLimitsItCannotWorkWith() {
        assertThatThrownBy(() -> new RequestParser(8, 4, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line limit 8 (16 or more), multiget line limit 4 (not below the line limit), "
                        + "value limit -1 (0 to 2147483645)");
    }
}
