package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void encodesUnicodeAsJavaDoes() {
        for (int code = 0; code <= 0x10FFFF; code += code < 0x800 ? 1 : 97) {
            if (code >= 0xD800 && code <= 0xDFFF) {
                continue;
            }
            ByteBuilder out = new ByteBuilder();
            Utf8.append(out, code);
            assertThat(out.toByteArray()).isEqualTo(Character.toString(code).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void readsBackEveryValueOfThirtyOneBits() {
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            long value = (random.nextInt() & 0x7FFFFFFF) >>> random.nextInt(31);
            ByteBuilder out = new ByteBuilder();
            Utf8.append(out, value);
            long decoded = Utf8.decode(out.array(), 0, out.length(), false);
            assertThat(decoded & 0xFFFFFFFFL).isEqualTo(value);
            assertThat(decoded >>> 32).isEqualTo(out.length());
            boolean strict = Utf8.decode(out.array(), 0, out.length(), true) != Utf8.INVALID;
            assertThat(strict).isEqualTo(value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF));
        }
    }

    @Test
    void refusesWhatIsNotUtf8() {
        for (String bad : new String[] {
            "\u0080",
            "\u00c0\u0080",
            "\u00c3",
            "\u00e0\u0080\u0080",
            "\u00e2\u0082",
            "\u00ff",
            "\u00c3a",
            "\u00fe\u0080\u0080\u0080\u0080\u0080\u0080",
        }) {
            byte[] bytes = Bytes.of(bad);
            assertThat(Utf8.decode(bytes, 0, bytes.length, false)).as(bad).isEqualTo(Utf8.INVALID);
        }
    }
}
