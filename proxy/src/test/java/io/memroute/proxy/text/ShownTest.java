package io.memroute.proxy.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

    @Test
    void leavesReadableTextOfEveryLanguageAsItIs() {
        for (String text : new String[] {
            "", "user:42", "C:\\temp \"a\" 'b'", "größe", "ключ", "鍵", "مفتاح", "👩‍👩‍👧", "├─ 1: pool main"
        }) {
            assertThat(Shown.text(text)).isEqualTo(text);
            assertThat(Shown.lines(text)).isEqualTo(text);
            assertThat(Shown.bytes(text.getBytes(UTF_8))).isEqualTo(text);
        }
    }

    @Test
    void escapesWhatATerminalWouldObey() {
        assertThat(Shown.text("\u001b[2J\u001b]0;title\u0007")).isEqualTo("\\x1b[2J\\x1b]0;title\\x07");
        assertThat(Shown.text("\u009b2J \u007f")).isEqualTo("\\u009b2J \\u007f");
        assertThat(Shown.text("a\r\nb\tc\0")).isEqualTo("a\\r\\nb\\tc\\x00");
    }

    @Test
    void escapesWhatChangesTheOrderOrTheLinesOfText() {
        assertThat(Shown.text("abc\u202edef\u2066\u200e\ufeff")).isEqualTo("abc\\u202edef\\u2066\\u200e\\ufeff");
        assertThat(Shown.text("a\u2028b\u2029c\u0085d")).isEqualTo("a\\u2028b\\u2029c\\u0085d");
        assertThat(Shown.text("tag \udb40\udc41")).isEqualTo("tag \\udb40\\udc41");
    }

    @Test
    void escapesHalfACharacter() {
        assertThat(Shown.text("a\ud800b\udc00")).isEqualTo("a\\ud800b\\udc00");
    }

    @Test
    void keepsTheLineEndsOfATextOfSeveralLinesAndNothingElse() {
        assertThat(Shown.lines("größe\n\u001b[31mred\r\nend\n")).isEqualTo("größe\n\\x1b[31mred\\r\nend\n");
    }

    @Test
    void showsBytesThatAreNoUtf8ByTheirNumbers() {
        assertThat(Shown.bytes(new byte[] {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xbc, (byte) 0xc3}))
                .isEqualTo("a\\xffü\\xc3");
        assertThat(Shown.bytes(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 'b'}))
                .isEqualTo("\\xed\\xa0\\x80b");
    }

    @Test
    void cutsBytesThatAreTooMany() {
        assertThat(Shown.bytes("abcdef".getBytes(UTF_8), 3)).isEqualTo("abc...");
        assertThat(Shown.bytes("abc".getBytes(UTF_8), 3)).isEqualTo("abc");
    }
}
