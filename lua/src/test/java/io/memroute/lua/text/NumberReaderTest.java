package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberReaderTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "'  12\t', 12",
        "-7, -7",
        "+7, 7",
        "0x10, 16",
        "-0xff, -255",
        "0XfF, 255",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "0xffffffffffffffff, -1",
        "0x1ffffffffffffffff, -1",
        "007, 7",
    })
    void readsIntegers(String text, long expected) {
        assertThat(read(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1., 1.0",
        ".5, 0.5",
        "1e2, 100.0",
        "1E-2, 0.01",
        "9223372036854775808, 9223372036854775808.0",
        "-9223372036854775809, -9223372036854775808.0",
        "0x.8, 0.5",
        "0x1p4, 16.0",
        "0xA.8p-1, 5.25",
        "0x1p-1074, 4.9e-324",
        "0x1p-1075, 0.0",
        "0x1.8p-1075, 4.9e-324",
        "0x1p1024, Infinity",
        "1e400, Infinity",
        "1e-400, 0.0",
        "-0.0, -0.0",
        "0x1.fffffffffffff7p0, 1.9999999999999998",
        "0x1.fffffffffffff8p0, 2.0",
        "0x1p99999999999, Infinity",
        "1e-99999999999, 0.0",
        "2.2250738585072011e-308, 2.225073858507201e-308",
        "0.1000000000000000055511151231257827, 0.1",
    })
    void readsFloats(String text, double expected) {
        assertThat(read(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "+", "-", "- 1", "1 2", "0x", "0xg", "1e", "1e+", ".", "0x.p1", "0x1p", "inf", "nan", "1f",
                "1d", "1_0", "--1", "1\0", "0x1e+1", "0b1", "1e1.0", "1..2", "e5", ".e1",
            })
    void refusesWhatIsNoNumeral(String text) {
        assertThat(read(text)).isNull();
    }

    @Test
    void readsBackEveryFloatWrittenInFull() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(read(Double.toString(value))).isEqualTo(value);
                assertThat(read(Double.toHexString(value))).isEqualTo(value);
            }
        }
    }

    @Test
    void givesANumberOrNullForAnyBytes() {
        Random random = new Random(11);
        String alphabet = "0123456789abcdefxXpPeE.+- \t\0n\u00ff";
        for (int i = 0; i < 200_000; i++) {
            byte[] text = new byte[random.nextInt(24)];
            for (int k = 0; k < text.length; k++) {
                text[k] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            Number number = NumberReader.read(text, 0, text.length);
            assertThat(number == null || number instanceof Long || number instanceof Double)
                    .isTrue();
        }
    }

    private static Number read(String text) {
        byte[] bytes = Bytes.of("x" + text + "y");
        return NumberReader.read(bytes, 1, text.length());
    }
}
