package io.memroute.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Counts the bytes this thread allocates: commands that store nothing take next to none. */
class StoreAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TIMES = 5_000;
    private static final int ATTEMPTS = 100;

    @Test
    void readsWithoutAllocating() {
        // Evictions and their bookkeeping in this thread, so that they are counted, too.
        Store store = Store.builder().executor(Runnable::run).build();
        new StoreClient(store).send("set key 5 0 5\r\nvalue\r\n");
        byte[] lines = ("get key\r\nget nothing\r\ngets key nothing key\r\nmg key v t f c k s h l\r\nmg a2V5 b "
                        + "v\r\nmg nothing v q\r\n"
                        + "touch key 100\r\ngat 100 key\r\nmg key T100 R30 v\r\ndelete "
                        + "nothing\r\nmd nothing q\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuf in = Unpooled.directBuffer().writeBytes(lines);
        ByteBuf out = Unpooled.directBuffer(1024);
        RequestParser parser = new RequestParser();
        Request request = new Request();
        Runnable work = () -> {
            for (int i = 0; i < TIMES; i++) {
                out.clear();
                for (int at = 0; at < lines.length; at = request.end()) {
                    parser.parse(in, at, lines.length, request);
                    store.execute(request, in, request.end(), out);
                }
            }
        };
        long bytesPerRound = Long.MAX_VALUE;
        // Code that is not compiled yet allocates what the compiler later finds unnecessary.
        for (int attempt = 0; attempt < ATTEMPTS && bytesPerRound > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            bytesPerRound = (THREADS.getCurrentThreadAllocatedBytes() - before) / TIMES;
        }
        assertThat(bytesPerRound).as("bytes allocated by eleven commands").isLessThan(16);
    }
}
