package io.memroute.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyParserTest {
    private final ReplyParser parser = new ReplyParser();
    private final Reply reply = new Reply();

    @ParameterizedTest
    @CsvSource({
        "VALUE k 0 5,VALUE,5", "VALUE key 4294967295 0 18446744073709551615,VALUE,0", "VA 7,VA,7", "VA 7 f1 kabc,VA,7",
        "HD,HD,-1", "HD f1,HD,-1", "EN,EN,-1", "EN kabc,EN,-1", "EX,EX,-1", "NF,NF,-1", "NS,NS,-1", "MN,MN,-1",
        "ME key exp=-1,ME,-1", "END,END,-1", "STORED,STORED,-1", "EXISTS,EXISTS,-1", "DELETED,DELETED,-1",
        "TOUCHED,TOUCHED,-1", "NOT_FOUND,NOT_FOUND,-1", "NOT_STORED,NOT_STORED,-1", "12345,NUMBER,-1", "OK,OK,-1",
        "ERROR,ERROR,-1", "CLIENT_ERROR bad data chunk,CLIENT_ERROR,-1", "SERVER_ERROR out of memory,SERVER_ERROR,-1",
        "VERSION 1.6.18,VERSION,-1", "STAT pid 1,STAT,-1", "ZZ,UNKNOWN_META,-1"})
    void readsEveryReply(String line, ReplyType type, int valueLength) {
        ByteBuf buffer = Unpooled.copiedBuffer(line + "\r\n", StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut < line.length() + 2; cut++) {
            assertThat(parser.parse(buffer, 0, cut, reply)).isEqualTo(ReplyParser.INCOMPLETE);
        }
        assertThat(parser.parse(buffer, 0, buffer.readableBytes(), reply)).isEqualTo(ReplyParser.COMPLETE);
        assertThat(reply.type()).isEqualTo(type);
        assertThat(reply.valueLength()).isEqualTo(valueLength);
        assertThat(reply.lineEnd()).isEqualTo(line.length());
        assertThat(reply.end()).isEqualTo(line.length() + 2);
    }
}
