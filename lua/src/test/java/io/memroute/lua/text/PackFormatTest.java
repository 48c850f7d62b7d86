package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackFormatTest {
    /** Expected: each option with its size and, if any, its padding. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "bBhHlLjJT~SIGNED1 UNSIGNED1 SIGNED2 UNSIGNED2 SIGNED8 UNSIGNED8 SIGNED8 UNSIGNED8 UNSIGNED8",
                "fnd~FLOAT4 DOUBLE8 DOUBLE8",
                "iI3i16~SIGNED4 UNSIGNED3 SIGNED16",
                "ss1z~PREFIXED_STRING8 PREFIXED_STRING1 ZERO_ENDED_STRING0",
                "c10x~FIXED_STRING10 PADDING1",
                "!bi~NOTHING0 SIGNED1 SIGNED4+3",
                "!2bi~NOTHING0 SIGNED1 SIGNED4+1",
                "!bXi~NOTHING0 SIGNED1 ALIGNMENT0+3",
                "!8bXd~NOTHING0 SIGNED1 ALIGNMENT0+7",
                "bi~SIGNED1 SIGNED4",
                "` <`~NOTHING0 NOTHING0",
                "!4 bc8~NOTHING0 NOTHING0 SIGNED1 FIXED_STRING8",
            })
    void readsOptionsWithSizesAndPadding(String format, String expected) {
        assertThat(options(format)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "i0~0~integral size (0) out of limits [1,16]", "i17~0~integral size (17) out of limits [1,16]",
                "!17~0~integral size (17) out of limits [1,16]", "s0~0~integral size (0) out of limits [1,16]",
                "c~0~missing size for format option 'c'", "y~0~invalid format option 'y'",
                "X~1~invalid next option for option 'X'", "Xc1~1~invalid next option for option 'X'",
                "Xz~1~invalid next option for option 'X'", "!4i3~1~format asks for alignment not power of 2",
                "c2147483640~0~invalid format option '0'",
            })
    void refusesMalformedOptions(String format, int argument, String message) {
        assertThatThrownBy(() -> options(format)).isInstanceOfSatisfying(TextError.class, e -> {
            assertThat(e).hasMessage(message);
            assertThat(e.argument()).isEqualTo(argument);
        });
    }

    @Test
    void endsAtAZeroByte() {
        assertThat(options("b\0i")).isEqualTo("SIGNED1");
    }

    @Test
    void knowsTheByteOrderInForce() {
        PackFormat format = new PackFormat(Bytes.of(">i=i<i"), 0, 6);
        StringBuilder orders = new StringBuilder();
        while (format.next(0)) {
            orders.append(format.isLittleEndian() ? 'l' : 'b');
        }
        assertThat(orders.toString()).isEqualTo("bbllll");
    }

    @Test
    void packsEveryWidthAsBigIntegersDo() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            int size = 1 + random.nextInt(16);
            long value = random.nextLong() >> random.nextInt(64);
            boolean signed = random.nextBoolean();
            boolean little = random.nextBoolean();
            BigInteger number = signed || value >= 0
                    ? BigInteger.valueOf(value)
                    : BigInteger.valueOf(value).add(BigInteger.ONE.shiftLeft(64));
            boolean fits = signed ? number.bitLength() < size * 8 : number.bitLength() <= size * 8;
            assertThat(signed ? PackedNumber.fitsSigned(value, size) : PackedNumber.fitsUnsigned(value, size))
                    .isEqualTo(fits);
            if (fits) {
                ByteBuilder out = new ByteBuilder();
                PackedNumber.append(out, value, size, little, signed);
                byte[] bytes = out.toByteArray();
                assertThat(asNumber(bytes, little, signed)).isEqualTo(number);
                assertThat(PackedNumber.read(bytes, 0, size, little, signed)).isEqualTo(value);
            }
        }
    }

    @Test
    void refusesToReadIntegersBeyondSixtyFourBits() {
        byte[] bytes = new byte[16];
        bytes[8] = 1;
        assertThatThrownBy(() -> PackedNumber.read(bytes, 0, 16, true, false))
                .hasMessage("16-byte integer does not fit into Lua Integer");
        assertThat(PackedNumber.read(bytes, 0, 8, true, false)).isZero();
    }

    @Test
    void givesOptionsOrALuaErrorForAnyBytes() {
        String alphabet = "bBhHlLjJTfdniIsczxX <>=!0123456789\0y";
        for (long seed = 1; seed <= 50_000; seed++) {
            Random random = new Random(seed);
            StringBuilder format = new StringBuilder();
            for (int i = random.nextInt(16); i > 0; i--) {
                format.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                options(format.toString());
            } catch (TextError expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
            }
        }
    }

    private static BigInteger asNumber(byte[] bytes, boolean little, boolean signed) {
        byte[] big = bytes.clone();
        if (little) {
            for (int i = 0; i < big.length; i++) {
                big[i] = bytes[bytes.length - 1 - i];
            }
        }
        return signed ? new BigInteger(big) : new BigInteger(1, big);
    }

    private static String options(String text) {
        byte[] bytes = Bytes.of(text);
        PackFormat format = new PackFormat(bytes, 0, bytes.length);
        StringBuilder result = new StringBuilder();
        long position = 0;
        while (format.next(position)) {
            result.append(result.isEmpty() ? "" : " ").append(format.option()).append(format.size());
            if (format.padding() > 0) {
                result.append('+').append(format.padding());
            }
            position += format.padding() + format.size();
        }
        return result.toString();
    }
}
