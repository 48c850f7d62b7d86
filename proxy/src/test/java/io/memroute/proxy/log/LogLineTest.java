package io.memroute.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogLineTest {

    private static final Instant NOON = Instant.ofEpochSecond(1_800_000_000L, 42_999);

    private static LogLine line() {
        return new LogLine(NOON, 7, "proxy_user");
    }

    private static String finished(LogLine line) {
        return new String(line.finish(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void beginsWithTheTimeInMicrosecondsOfSixDigitsAndTheNumber() {
        assertThat(finished(line())).isEqualTo("ts=1800000000.000042 gid=7 type=proxy_user\n");
    }

    @Test
    void hasFieldsInTheOrderTheyWereAdded() {
        assertThat(finished(line().add("depth", -3).add("name", "10.0.0.1")))
                .isEqualTo("ts=1800000000.000042 gid=7 type=proxy_user depth=-3 name=10.0.0.1\n");
    }

    @Test
    void encodesAllBytesButLettersDigitsAndFourSigns() {
        StringBuilder all = new StringBuilder();
        for (int b = 0; b < 256; b++) {
            all.append((char) b);
        }
        String encoded = finished(line().addEncoded("rbuf", all.toString().getBytes(StandardCharsets.ISO_8859_1)));

        assertThat(encoded)
                .startsWith("ts=1800000000.000042 gid=7 type=proxy_user rbuf=%00%01%02")
                .contains("%1F%20%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F%40ABC")
                .contains("XYZ%5B%5C%5D%5E_%60abc")
                .contains("xyz%7B%7C%7D~%7F%80%81")
                .endsWith("%FE%FF\n");
    }

    @Test
    void isOneLineWithoutControlCharactersWhateverTheTexts() {
        byte[] text = {'a', (byte) 0xff, 0, '\n', 'b', '"', (byte) 0xc3, (byte) 0xbc};
        String shown = "a\\xff\\x00\\nb\"\u00c3\u00bc";
        assertThat(finished(line().addText("msg", text))).endsWith(" msg=" + shown + "\n");
        assertThat(finished(line().add("req", text))).endsWith(" req=" + shown + "\n");
        assertThat(finished(line().add("label", "a\u001b[2J\nb"))).endsWith(" label=a\\x1b[2J\\nb\n");
        assertThat(finished(line().add("req", "").append(Unpooled.wrappedBuffer(text), 0, text.length)))
                .endsWith(" req=" + shown + "\n");
    }

    @Test
    void cutsALongTextWhereMemcachedDoes() {
        String before = "ts=1800000000.000042 gid=7 ";
        String line = finished(line().addText("msg", "x".repeat(2000).getBytes(StandardCharsets.US_ASCII)));

        assertThat(line).isEqualTo(before + "type=proxy_user msg=" + "x".repeat(511 - 20) + "\n");
    }
}
