package io.memroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.TestCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that does not verify harms nothing but its own connection. */
class TlsHandlerTest {

    private static final int NEIGHBOURS = 5000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aBrokenRecordLeavesTheMemoryBesideItAlone(String version) throws Exception {
        TestCertificate shown = TestCertificate.make(directory, "server", "IP:127.0.0.1");
        SslContext context = SslContextBuilder.forServer(
                        shown.certificateFile().toFile(), shown.keyFile().toFile())
                .sslProvider(SslProvider.JDK)
                .protocols(version)
                .build();
        EmbeddedChannel server = new EmbeddedChannel();
        server.pipeline().addLast(new TlsHandler(context, server.alloc()));
        SSLEngine engine = shown.clientContext().createSSLEngine("127.0.0.1", 1);
        engine.setUseClientMode(true);
        SslHandler handler = new SslHandler(engine);
        EmbeddedChannel client = new EmbeddedChannel(handler);
        Deadline.await("the handshake", () -> {
            pass(client, server);
            pass(server, client);
            return handler.handshakeFuture().isSuccess()
                    && server.pipeline().get(SslHandler.class).handshakeFuture().isSuccess();
        });
        pass(client, server);
        client.writeOutbound(Unpooled.copiedBuffer(new byte[100]));
        ByteBuf record = client.readOutbound();
        record.setByte(record.writerIndex() - 1, record.getByte(record.writerIndex() - 1) ^ 1);

        ByteBuf memory = Unpooled.directBuffer(2 * NEIGHBOURS);
        for (int i = 0; i < NEIGHBOURS; i++) {
            memory.writeByte(i);
        }
        memory.writeBytes(record).readerIndex(NEIGHBOURS);
        memory.retain();
        assertThatThrownBy(() -> server.writeInbound(memory)).isInstanceOf(DecoderException.class);
        for (int i = 0; i < NEIGHBOURS; i++) {
            assertThat(memory.getByte(i)).isEqualTo((byte) i);
        }
        memory.release();
        record.release();
    }

    private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        for (ByteBuf bytes; (bytes = from.readOutbound()) != null; ) {
            to.writeInbound(bytes);
        }
        to.runPendingTasks();
    }
}
