package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatDirectiveTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "d~42~42",
                "5d~42~`   42`",
                "-5d~42~`42   `",
                "05d~-42~-0042",
                "+d~42~+42",
                "` d`~42~` 42`",
                ".3d~7~007",
                "8.3d~-7~`    -007`",
                ".0d~0~``",
                "x~255~ff",
                "#x~255~0xff",
                "#X~255~0XFF",
                "08x~255~000000ff",
                "#08x~255~0x0000ff",
                "x~-1~ffffffffffffffff",
                "#x~0~0",
                "o~8~10",
                "#o~8~010",
                "#.0o~0~0",
                "u~-1~18446744073709551615",
                "i~9~9",
            })
    void writesIntegersAsPrintfDoes(String directive, long value, String expected) {
        ByteBuilder out = new ByteBuilder();
        read(directive).writeInteger(out, value);
        assertThat(out.toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "f~1.5~1.500000",
                ".0f~0.5~0",
                ".0f~1.5~2",
                ".0f~2.5~2",
                "#.0f~2~2.",
                ".2f~2.675~2.67",
                ".3f~0.0005~0.001",
                "10.2f~-3.14159~`     -3.14`",
                "-10.2f~3.14159~`3.14      `",
                "010.2f~-3.14159~-000003.14",
                "+.1f~0.25~+0.2",
                "` .1f`~0.75~` 0.8`",
                ".0f~1e22~10000000000000000000000",
                "e~12345.678~1.234568e+04",
                ".0e~15~2e+01",
                ".0e~25~2e+01",
                "#.0e~1~1.e+00",
                "E~1e-10~1.000000E-10",
                ".3e~1e100~1.000e+100",
                "g~100000~100000",
                "g~1000000~1e+06",
                "g~0.0001~0.0001",
                "g~0.00001~1e-05",
                "#g~1~1.00000",
                ".3g~1234~1.23e+03",
                "G~1e-7~1E-07",
                ".0g~123~1e+02",
                ".17g~0.1~0.10000000000000001",
                ".20f~0.1~0.10000000000000000555",
                "a~1~0x1p+0",
                "a~0.1~0x1.999999999999ap-4",
                "A~-255.5~-0X1.FFP+7",
                ".0a~1.5~0x2p+0",
                ".3a~1~0x1.000p+0",
                ".1a~1.96875~0x2.0p+0",
                "a~4.9e-324~0x0.0000000000001p-1022",
                "a~0~0x0p+0",
                "010a~1~0x00001p+0",
                "#a~1~0x1.p+0",
                "f~Infinity~inf",
                "010f~-Infinity~`      -inf`",
                "F~1~!",
                "G~Infinity~INF",
                "+e~Infinity~+inf",
            })
    void writesFloatsAsPrintfDoes(String directive, double value, String expected) {
        FormatDirective format = read(directive);
        if (expected.equals("!")) {
            assertThat(format.unknownConversion()).hasMessage("invalid conversion '%F' to 'format'");
            return;
        }
        ByteBuilder out = new ByteBuilder();
        format.writeFloat(out, value);
        assertThat(out.toString()).isEqualTo(expected);
    }

    @Test
    void padsAndCutsStrings() {
        assertThat(string("5s", "abc")).isEqualTo("  abc");
        assertThat(string("-5s", "abc")).isEqualTo("abc  ");
        assertThat(string(".2s", "abc")).isEqualTo("ab");
        assertThat(string("4.1s", "abc")).isEqualTo("   a");
        assertThat(string("99s", "x".repeat(200))).isEqualTo("x".repeat(200));
        assertThatThrownBy(() -> string("5s", "a\0b"))
                .isInstanceOf(TextError.class)
                .hasMessage("string contains zeros");
    }

    @Test
    void writesOneByteForC() {
        ByteBuilder out = new ByteBuilder();
        read("3c").writeCharacter(out, 0);
        read("-3c").writeCharacter(out, 'x');
        assertThat(out.toString()).isEqualTo("  \0x  ");
    }

    @Test
    void refusesWhatLuaRefuses() {
        assertRefused("100d", "invalid conversion specification: '%100d'");
        assertRefused("#d", "invalid conversion specification: '%#d'");
        assertRefused(".100f", "invalid conversion specification: '%.100f'");
        assertRefused("010s", "invalid conversion specification: '%010s'");
        assertRefused("1.1.1d", "invalid conversion specification: '%1.1.1d'");
        assertThatThrownBy(() -> read("0".repeat(22) + "d")).hasMessage("invalid format (too long)");
        assertThat(read("y").unknownConversion()).hasMessage("invalid conversion '%y' to 'format'");
        assertThat(read("10").unknownConversion()).hasMessage("invalid conversion '%10' to 'format'");
        assertThat(read("").unknownConversion()).hasMessage("invalid conversion '%' to 'format'");
        assertThatThrownBy(() -> read("5q").checkQuoted()).hasMessage("specifier '%q' cannot have modifiers");
    }

    @Test
    void quotesSoThatTheReaderGetsTheSameValue() {
        ByteBuilder out = new ByteBuilder();
        byte[] text = Bytes.of("a\"b\\c\nd\0e\0001\r\u007f\u00ff");
        QuotedText.append(out, text, 0, text.length);
        assertThat(out.toString()).isEqualTo("\"a\\\"b\\\\c\\\nd\\0e\\0001\\13\\127\u00ff\"");
        out.clear();
        QuotedText.append(out, Long.MIN_VALUE);
        QuotedText.append(out.append(' '), -5);
        QuotedText.append(out.append(' '), 0.1);
        QuotedText.append(out.append(' '), Double.NEGATIVE_INFINITY);
        QuotedText.append(out.append(' '), Double.NaN);
        assertThat(out.toString()).isEqualTo("0x8000000000000000 -5 0x1.999999999999ap-4 -1e9999 (0/0)");
    }

    private static void assertRefused(String directive, String message) {
        ByteBuilder out = new ByteBuilder();
        FormatDirective format = read(directive);
        assertThatThrownBy(() -> {
                    switch (format.conversion()) {
                        case 'f' -> format.writeFloat(out, 1);
                        case 's' -> format.writeString(out, new byte[0], 0, 0, 2);
                        default -> format.writeInteger(out, 1);
                    }
                })
                .isInstanceOf(TextError.class)
                .hasMessage(message);
    }

    private static String string(String directive, String text) {
        ByteBuilder out = new ByteBuilder();
        read(directive).writeString(out, Bytes.of(text), 0, text.length(), 2);
        return out.toString();
    }

    private static FormatDirective read(String directive) {
        FormatDirective format = new FormatDirective();
        byte[] bytes = Bytes.of(directive);
        assertThat(format.read(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return format;
    }
}
