package io.memroute.protocol;

import static io.memroute.protocol.Lines.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Counts the bytes this thread allocates: parsing and writing take none. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TIMES = 2_000;
    /** Room for what the measuring itself and class loading take; one byte for each of the lines would be more. */
    private static final long NOISE = 20_000;

    private static long allocatedBy(Runnable work) {
        work.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void parsesRequestsWithoutAllocating() {
        byte[] lines = bytes(
                "get key\r\nget a b c d\r\nmg key v\r\nmg Zm9v b t v k Oabc q N30\r\nset key 0 0 0 noreply\r\n\r\n"
                        + "ms key 0 T30 F5 C9\r\n\r\nma key D5 J9 v\r\nincr key 1\r\nbogus\r\nset key x 0 "
                        + "0\r\n\r\nflush_all\r\n");
        ByteBuf buffer = Unpooled.directBuffer().writeBytes(lines);
        RequestParser parser = new RequestParser();
        Request request = new Request();
        long bytes = allocatedBy(() -> {
            for (int i = 0; i < TIMES; i++) {
                for (int at = 0; at < lines.length; ) {
                    parser.parse(buffer, at, lines.length, request);
                    for (int key = request.keyIndex(), end;
                            key >= 0 && request.multiKey();
                            key = request.nextKey(end)) {
                        end = request.keyEnd(key);
                    }
                    request.flagTokenIndex('O');
                    at = request.end() + request.valueBytes();
                }
            }
        });
        assertThat(bytes).isLessThan(NOISE);
    }

    @Test
    void parsesRepliesWithoutAllocating() {
        byte[] lines =
                bytes("VALUE key 0 0 7\r\n\r\nEND\r\nVA 0 t-1 kabc\r\n\r\nHD f1\r\nHD\r\nEN\r\nSTORED\r\nNOT_FOUND\r\n"
                        + "CLIENT_ERROR what\r\n12\r\nZZ\r\n");
        ByteBuf buffer = Unpooled.directBuffer().writeBytes(lines);
        Reply reply = new Reply();
        long bytes = allocatedBy(() -> {
            for (int i = 0; i < TIMES; i++) {
                for (int at = 0; at < lines.length; ) {
                    ReplyParser.parse(buffer, at, lines.length, reply);
                    reply.flagTokenIndex('k');
                    reply.keyIndex();
                    at = reply.end() + reply.valueBytes();
                }
            }
        });
        assertThat(bytes).isLessThan(NOISE);
    }

    @Test
    void writesWithoutAllocating() {
        ByteBuf out = Unpooled.directBuffer(1024);
        LineWriter writer = new LineWriter();
        byte[] key = bytes("key");
        long bytes = allocatedBy(() -> {
            for (int i = 0; i < TIMES; i++) {
                out.clear();
                writer.to(out)
                        .command(Command.MG)
                        .token(key)
                        .flag('v')
                        .flag('T', -1)
                        .unsignedFlag('C', -1L)
                        .base64Flag('O', key, 3)
                        .end()
                        .reply(ReplyType.VA)
                        .number(3)
                        .end()
                        .value(key)
                        .numberReply(12345678901L);
            }
        });
        assertThat(bytes).isLessThan(NOISE);
    }
}
