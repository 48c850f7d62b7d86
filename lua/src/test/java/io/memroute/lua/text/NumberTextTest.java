package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {
    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "-0.0, -0.0",
        "1.0, 1.0",
        "-17.0, -17.0",
        "0.1, 0.1",
        "3.14159265358979, 3.1415926535898",
        "1e14, 1e+14",
        "99999999999999.0, 99999999999999.0",
        "123456789012345.0, 1.2345678901234e+14",
        "1e15, 1e+15",
        "1e100, 1e+100",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1e-300, 1e-300",
        "4.9e-324, 4.9406564584125e-324",
        "9007199254740993.0, 9.007199254741e+15",
        "Infinity, inf",
        "-Infinity, -inf",
        "99999999999999.5, 1e+14",
        "0.30000000000000004, 0.3",
        "1.7976931348623157e308, 1.7976931348623e+308",
    })
    void writesFloatsSoThatTheyReadBackAsFloats(double value, String expected) {
        assertThat(text(value)).isEqualTo(expected);
    }

    @Test
    void showsTheSignBitOfNaN() {
        assertThat(text(Double.longBitsToDouble(0x7ff8000000000000L))).isEqualTo("nan");
        assertThat(text(Double.longBitsToDouble(0xfff8000000000000L))).isEqualTo("-nan");
    }

    @ParameterizedTest
    @CsvSource({
        "0",
        "7",
        "-7",
        "10",
        "99",
        "100",
        "-1000",
        "9223372036854775807",
        "-9223372036854775808",
        "999999999999999999"
    })
    void writesIntegersInDecimal(long value) {
        ByteBuilder out = new ByteBuilder();
        NumberText.append(out.append('<'), value);
        assertThat(out.append('>').toString()).isEqualTo("<" + value + ">");
    }

    @Test
    void roundsEveryDoubleAsItsExactValueRounds() {
        Random random = new Random(20240601);
        for (int i = 0; i < 20_000; i++) {
            double value = i % 2 == 0
                    ? Double.longBitsToDouble(random.nextLong())
                    : (random.nextInt(2_000_000) + 0.5)
                            / (1L << random.nextInt(40))
                            * Math.pow(10, random.nextInt(30) - 15);
            if (!Double.isFinite(value) || value == 0) {
                continue;
            }
            BigDecimal exact = new BigDecimal(value).round(new MathContext(14, RoundingMode.HALF_EVEN));
            assertThat(new BigDecimal(text(value))).as("%s", value).isEqualByComparingTo(exact);
        }
    }

    private static String text(double value) {
        ByteBuilder out = new ByteBuilder();
        NumberText.append(out, value);
        return out.toString();
    }
}
