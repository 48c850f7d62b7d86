package io.memroute.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestParserTest {
    private final RequestParser parser = new RequestParser();
    private final Request request = new Request();

    private int parse(String text) {
        ByteBuf buffer = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        return parser.parse(buffer, 0, buffer.readableBytes(), request);
    }

    private String key() {
        return request.buffer().toString(request.keyIndex(), request.keyLength(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsASingleGetOnItsFastPath() {
        for (int length = 1; length <= 250; length++) {
            String key = "k".repeat(length);
            assertThat(parse("get " + key + "\r\n")).isEqualTo(RequestParser.COMPLETE);
            assertThat(request.command()).isEqualTo(Command.GET);
            assertThat(key()).isEqualTo(key);
            assertThat(request.end()).isEqualTo(length + 6);
            assertThat(parse("get " + key + "\r\nget another\r\n")).isEqualTo(RequestParser.COMPLETE);
            assertThat(key()).isEqualTo(key);
            assertThat(parse("get " + key + "\r")).isEqualTo(RequestParser.INCOMPLETE);
            assertThat(parse("get " + key)).isEqualTo(RequestParser.INCOMPLETE);
        }
    }

    @Test
    void readsEveryCommand() {
        for (Command command : Command.values()) {
            if (command == Command.UNKNOWN) {
                continue;
            }
            String line = switch (command) {
                case GAT, GATS -> command.word() + " 10 key";
                case SET, ADD, REPLACE, APPEND, PREPEND -> command.word() + " key 1 2 3";
                case CAS -> "cas key 1 2 3 4";
                case MS -> "ms key 3";
                case INCR, DECR, TOUCH -> command.word() + " key 1";
                default -> command.keyToken() > 0 ? command.word() + " key" : command.word();
            };
            assertThat(parse(line + "\r\n")).as(line).isEqualTo(RequestParser.COMPLETE);
            assertThat(request.command()).isEqualTo(command);
            assertThat(request.valueLength()).isEqualTo(command.hasValue() ? 3 : -1);
            if (command.keyToken() > 0) {
                assertThat(key()).isEqualTo("key");
            }
        }
    }
}
