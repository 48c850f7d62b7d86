package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    @Test
    void findsWhatStringsFind() {
        for (long seed = 1; seed <= 20_000; seed++) {
            Random random = new Random(seed);
            String text = letters(random, random.nextInt(60));
            String wanted = letters(random, random.nextInt(6));
            int from = random.nextInt(text.length() + 1);
            assertThat(indexOf(text, from, wanted))
                    .as("seed %d: %s in %s", seed, wanted, text)
                    .isEqualTo(text.indexOf(wanted, from));
        }
    }

    @Test
    void findsRepetitiveTextInTextMuchLikeIt() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder("a".repeat(2_000 + random.nextInt(2_000)));
            for (int i = random.nextInt(8); i > 0; i--) {
                text.setCharAt(random.nextInt(text.length()), 'b');
            }
            String wanted = "a".repeat(random.nextInt(900))
                    + (random.nextBoolean() ? "b" : "")
                    + "a".repeat(random.nextInt(900));
            assertThat(indexOf(text.toString(), 0, wanted)).as("seed %d", seed).isEqualTo(text.indexOf(wanted));
        }
    }

    @Test
    void takesTimeInProportionToTheLengths() {
        String text = "a".repeat(4_000_000);
        String wanted = "a".repeat(2_000_000) + "b";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(indexOf(text, 0, wanted)).isEqualTo(-1));
    }

    @Test
    void findsSingleBytesWithinTheRangeOnly() {
        byte[] text = Bytes.of("xabcx");
        assertThat(ByteSearch.indexOf(text, 1, 4, (byte) 'c')).isEqualTo(3);
        assertThat(ByteSearch.indexOf(text, 1, 4, (byte) 'x')).isEqualTo(-1);
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(4) == 0 ? 'b' : 'a');
        }
        return text.toString();
    }

    private static int indexOf(String text, int from, String wanted) {
        byte[] bytes = Bytes.of("<" + text + ">");
        byte[] wantedBytes = Bytes.of("[" + wanted + "]");
        int index = ByteSearch.indexOf(bytes, from + 1, text.length() + 1, wantedBytes, 1, wanted.length());
        return index < 0 ? -1 : index - 1;
    }
}
