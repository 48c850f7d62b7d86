package io.memroute.protocol;

import static io.memroute.protocol.Lines.bytes;
import static io.memroute.protocol.Lines.describe;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineWriterTest {
    private final LineWriter writer = new LineWriter();
    private final Request request = new Request();
    private final Reply reply = new Reply();

    private LineWriter to(ByteBuf out) {
        return writer.to(out);
    }

    private static String text(ByteBuf out) {
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private String parsedRequest(ByteBuf out) {
        return describe(new RequestParser().parse(out, 0, out.writerIndex(), request), request);
    }

    private String parsedReply(ByteBuf out) {
        return describe(ReplyParser.parse(out, 0, out.writerIndex(), reply), reply);
    }

    @Test
    void writesEveryCommandSoThatTheParserReadsItBack() {
        byte[] key = bytes("some-key");
        for (Command command : Command.values()) {
            if (command == Command.UNKNOWN) {
                continue;
            }
            ByteBuf out = Unpooled.buffer();
            LineWriter line = to(out).command(command);
            switch (command) {
                case GAT, GATS -> line.number(-1).token(key).token(bytes("more"));
                case GET, GETS -> line.token(key).token(bytes("more"));
                case SET, ADD, REPLACE, APPEND, PREPEND ->
                    line.token(key).unsigned(7).number(-1).number(3).noreply();
                case CAS -> line.token(key).unsigned(0).number(0).number(3).unsigned(-1L);
                case MS ->
                    line.token(key)
                            .number(3)
                            .flag('T', -1)
                            .unsignedFlag('C', -1L)
                            .flag('O', bytes("x"));
                case MG, MD, MA, ME ->
                    line.token(bytes("c29tZS1rZXk=")).flag('b').flag('k');
                case INCR, DECR, TOUCH -> line.token(key).unsigned(5).noreply();
                case DELETE -> line.token(key).noreply();
                default -> line.noreply();
            }
            line.end();
            if (command.hasValue()) {
                line.value(bytes("abc"));
            }
            assertThat(parsedRequest(out))
                    .as(text(out))
                    .startsWith(command.name())
                    .doesNotContain("malformed");
            if (command.keyToken() > 0) {
                String sent = command.isMeta() && command != Command.MS ? "c29tZS1rZXk=" : "some-key";
                assertThat(Lines.text(out, request.keyIndex(), request.keyLength()))
                        .isEqualTo(sent);
            }
            if (command.hasValue()) {
                assertThat(request.valueLength()).isEqualTo(3);
                assertThat(Lines.text(out, request.end(), 5)).isEqualTo("abc\r\n");
            }
        }
    }

    @Test
    void writesRepliesSoThatTheParserReadsThemBack() {
        ByteBuf out = Unpooled.buffer();
        to(out).reply(ReplyType.VALUE)
                .token(bytes("k"))
                .unsigned(0xFFFFFFFFL)
                .number(3)
                .unsigned(-1L)
                .end()
                .value(bytes("abc"));
        assertThat(text(out)).isEqualTo("VALUE k 4294967295 3 18446744073709551615\r\nabc\r\n");
        assertThat(parsedReply(out)).startsWith("VALUE code=15 ok hit value=3 key=k");

        out = Unpooled.buffer();
        to(out).reply(ReplyType.VA)
                .number(3)
                .flag('t', -1)
                .flag('k', bytes("key"))
                .flag('W')
                .end()
                .value(out, 0, 2);
        assertThat(text(out)).isEqualTo("VA 3 t-1 kkey W\r\nVA\r\n");
        assertThat(parsedReply(out)).startsWith("VA code=15 ok hit value=3 key=key W k(key) t(-1)");

        out = Unpooled.buffer();
        to(out).numberReply(-1L);
        assertThat(text(out)).isEqualTo("18446744073709551615\r\n");

        for (ReplyType type : ReplyType.values()) {
            if (type.isOk() && type != ReplyType.NUMBER && !type.hasValue()) {
                out = Unpooled.buffer();
                to(out).reply(type).end();
                assertThat(parsedReply(out)).startsWith(type.name() + " ");
            }
        }
    }

    @Test
    void writesEveryLengthOfNumber() {
        long number = 0;
        for (int digit = 1; digit <= 19; digit++) {
            number = number * 10 + digit % 10;
            for (long n : new long[] {number, powerOfTen(digit) - 1, powerOfTen(digit - 1)}) {
                ByteBuf out = Unpooled.buffer(1);
                Decimal.write(out, n);
                assertThat(text(out)).isEqualTo(Long.toUnsignedString(n));
            }
        }
        for (long n : new long[] {0, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2, Long.MIN_VALUE + 1}) {
            ByteBuf out = Unpooled.buffer(1);
            Decimal.write(out, n);
            assertThat(text(out)).isEqualTo(Long.toUnsignedString(n));
            assertThat(Decimal.isUnsigned64(out, 0, out.writerIndex())).isTrue();
            assertThat(Decimal.unsigned64(out, 0, out.writerIndex())).isEqualTo(n);
            out = Unpooled.buffer(1);
            to(out).number(n);
            assertThat(text(out)).isEqualTo(" " + n);
        }
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    @Test
    void encodesAndDecodesBinaryKeysLikeEveryoneElse() {
        Random random = new Random(42);
        for (int length = 1; length <= 187; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            ByteBuf out = Unpooled.buffer();
            Base64Key.encode(key, 0, length, out);
            assertThat(text(out)).isEqualTo(Base64.getEncoder().encodeToString(key));
            assertThat(Base64Key.decodedLength(out, 0, out.readableBytes())).isEqualTo(length);
            byte[] back = new byte[length];
            assertThat(Base64Key.decode(out, 0, out.readableBytes(), back)).isEqualTo(length);
            assertThat(back).isEqualTo(key);
        }
    }

    @Test
    void decodesAsLenientlyAsMemcached() {
        assertThat(decoded("Zm9v")).isEqualTo("foo");
        assertThat(decoded("Z!m9-v")).isEqualTo("foo");
        assertThat(decoded("Zm8=Zm9v")).isEqualTo("fo");
        assertThat(decoded("Zg==")).isEqualTo("f");
        for (String bad : new String[] {"", "Z", "Zm9", "Zm9vZ", "====", "Z===", "!!!!", "Zm8=Z"}) {
            assertThat(decoded(bad)).as(bad).isEmpty();
        }
    }

    private static String decoded(String text) {
        byte[] into = new byte[text.length()];
        int length = Base64Key.decode(Lines.exact(bytes(text)), 0, text.length(), into);
        return new String(into, 0, length, StandardCharsets.ISO_8859_1);
    }
}
