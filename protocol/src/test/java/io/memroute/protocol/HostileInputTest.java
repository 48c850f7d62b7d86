package io.memroute.protocol;

import static io.memroute.protocol.Lines.bytes;
import static io.memroute.protocol.Lines.describe;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random and mutated bytes: no exception, no read outside the range, the same verdict wherever the bytes lie, and
 * agreement with a slow tokenizer written in the plainest way.
 */
class HostileInputTest {
    private static final int ROUNDS = Integer.getInteger("memroute.fuzz.rounds", 20_000);

    private static final String[] SEEDS = {
        "get foo",
        "get foo bar baz",
        "gets a",
        "gat 10 foo bar",
        "set foo 1 2 3 noreply",
        "cas foo 0 0 5 18446744073709551615",
        "ms Zm9v 5 b T30 F7 C123 MS I E9",
        "mg foo v t k Oabc q",
        "md foo q C5",
        "ma foo N0 J13 D2 MD t",
        "incr foo 10 noreply",
        "touch foo -1",
        "delete noreply",
        "flush_all 10 noreply",
        "version",
        "mn",
        "me foo b",
        "lru_crawler metadump all",
        "VALUE foo 0 5 7",
        "VA 5 t-1 kfoo",
        "HD f1",
        "EN",
        "STORED",
        "SERVER_ERROR x",
        "12345",
        "END"
    };
    private static final String[] PIECES = {
        " ",
        "  ",
        "\r",
        "\n",
        "\r\n",
        "\0",
        "\t",
        "-",
        "+",
        "noreply",
        "99999999999999999999",
        "4294967296",
        "-1",
        "\u00ff",
        "k".repeat(249),
        "k".repeat(251),
        "=",
        "====",
        "b",
        "Zm8=",
        "get ",
        "VALUE ",
        "VA ",
        "2147483647",
        "O",
        "x".repeat(40)
    };

    private final RequestParser requestParser = new RequestParser(2048, 4096, 1 << 20);
    private final Request request = new Request();
    private final Reply reply = new Reply();

    @Test
    void survivesMutatedLines() {
        Random random = new Random(20260401);
        for (int round = 0; round < ROUNDS; round++) {
            check(mutate(random));
        }
    }

    @Test
    void survivesRandomBytes() {
        Random random = new Random(7);
        byte[] alphabet = bytes(" \r\nmgsdaevalutkVAHDEN019-=bOTq\0\t\u00ff");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        random.nextInt(20) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            check(bytes);
        }
    }

    private static byte[] mutate(Random random) {
        StringBuilder line = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(line.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> line.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> line.insert(at, (char) random.nextInt(256));
                case 2 -> line.delete(at, Math.min(line.length(), at + 1 + random.nextInt(3)));
                default -> line.setLength(at);
            }
        }
        line.append(random.nextInt(10) == 0 ? "\n" : random.nextInt(10) == 0 ? "" : "\r\n");
        if (random.nextInt(3) == 0) {
            line.append(SEEDS[random.nextInt(SEEDS.length)]).append("\r\n");
        }
        return bytes(line.toString());
    }

    private void check(byte[] bytes) {
        // A buffer that ends with the range throws on a read past it; among neighbours such a read would change the
        // verdict.
        String asRequest = describeRequest(Lines.exact(bytes), 0, bytes.length);
        String asReply = describeReply(Lines.exact(bytes), 0, bytes.length);
        for (char filler : new char[] {'\n', ' ', '7'}) {
            ByteBuf buffer = Lines.surrounded(bytes, 5, filler);
            assertThat(describeRequest(buffer, 5, bytes.length))
                    .as("%s", Arrays.toString(bytes))
                    .isEqualTo(asRequest);
            assertThat(describeReply(buffer, 5, bytes.length))
                    .as("%s", Arrays.toString(bytes))
                    .isEqualTo(asReply);
            buffer.release();
        }
        compareWithPlainTokens(bytes);
    }

    private String describeRequest(ByteBuf buffer, int from, int length) {
        int result = requestParser.parse(buffer, from, from + length, request);
        if (result != RequestParser.INCOMPLETE) {
            assertThat(request.start()).isEqualTo(from);
            assertThat(request.end()).isBetween(from + 1, from + length);
            assertThat(request.error() != null).isEqualTo(result != RequestParser.COMPLETE);
        }
        return describe(result, request);
    }

    private String describeReply(ByteBuf buffer, int from, int length) {
        int result = ReplyParser.parse(buffer, from, from + length, reply);
        if (result != ReplyParser.INCOMPLETE) {
            assertThat(reply.end()).isBetween(from + 1, from + length);
        }
        return describe(result, reply);
    }

    private void compareWithPlainTokens(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int newline = text.indexOf('\n');
        int result = requestParser.parse(Lines.exact(bytes), 0, bytes.length, request);
        assertThat(result == RequestParser.INCOMPLETE).isEqualTo(newline < 0);
        if (newline < 0 || result == RequestParser.LINE_TOO_LONG) {
            return;
        }
        String line = text.substring(0, newline);
        line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        String[] tokens =
                Arrays.stream(line.split(" ")).filter(t -> !t.isEmpty()).toArray(String[]::new);
        assertThat(request.end()).isEqualTo(newline + 1);
        assertThat(request.lineEnd()).isEqualTo(line.length());
        assertThat(request.totalTokenCount()).isEqualTo(tokens.length);
        for (int i = 0; i < request.tokenCount(); i++) {
            assertThat(Lines.text(request.buffer(), request.tokenIndex(i), request.tokenLength(i)))
                    .isEqualTo(tokens[i]);
        }
        Command expected = Command.UNKNOWN;
        for (Command command : Command.values()) {
            if (line.split(" ", 2)[0].equals(command.word())) {
                expected = command;
            }
        }
        assertThat(request.command()).as(line).isEqualTo(expected);
    }
}
