package io.memroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputBufferTest {

    private final ArrayPool arrays = new ArrayPool();
    private final OutputBuffer buffer = new OutputBuffer(arrays);
    private ChannelHandlerContext context;
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }
    });

    @AfterEach
    void closeChannel() {
        assertThat(channel.finishAndReleaseAll()).isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<String> written() {
        buffer.writeTo(context);
        channel.flush();
        List<String> parts = new ArrayList<>();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            parts.add(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return parts;
    }

    @Test
    void writesSmallPiecesTogether() {
        buffer.append(bytes("VALUE "));
        buffer.append(Unpooled.directBuffer().writeBytes(bytes("xkeyx")), 1, 3);
        buffer.append((byte) '\n');

        assertThat(buffer.size()).isEqualTo(10);
        assertThat(written()).containsExactly("VALUE key\n");
        assertThat(buffer.isEmpty()).isTrue();
    }

    @Test
    void keepsLargePiecesAsSlicesInOrder() {
        String large = "l".repeat(OutputBuffer.SLICE_FROM_BYTES);
        ByteBuf source = Unpooled.directBuffer().writeBytes(bytes("<" + large + ">"));
        buffer.append(bytes("before"));
        buffer.appendOrSlice(source, 1, large.length());
        buffer.appendOrSlice(source, 0, 1);

        assertThat(source.refCnt()).isEqualTo(2);
        assertThat(buffer.size()).isEqualTo(large.length() + 7);
        assertThat(written()).containsExactly("before", large, "<");
        assertThat(source.refCnt()).isEqualTo(1);
        source.release();
    }

    @Test
    void growsBeyondOneArray() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            String piece = "piece " + i + ";";
            buffer.append(bytes(piece));
            all.append(piece);
        }

        assertThat(written()).containsExactly(all.toString());
    }

    @Test
    void movesEverythingBehindWhatAnotherHolds() {
        String large = "l".repeat(OutputBuffer.SLICE_FROM_BYTES);
        ByteBuf source = Unpooled.copiedBuffer(large, StandardCharsets.ISO_8859_1);
        OutputBuffer other = new OutputBuffer(arrays);
        buffer.append(bytes("a"));
        other.append(bytes("b"));
        other.appendOrSlice(source, 0, large.length());
        other.append(bytes("c"));

        other.moveTo(buffer);

        assertThat(other.isEmpty()).isTrue();
        assertThat(other.size()).isZero();
        assertThat(String.join("", written())).isEqualTo("ab" + large + "c");
        source.release();
    }

    @Test
    void takesBackWhatWasAppendedLast() {
        buffer.append(bytes("get a\r\n"));
        buffer.unappend(2);
        buffer.append(bytes(" b\r\n"));

        assertThat(written()).containsExactly("get a b\r\n");
    }

    @Test
    void releasesSlicesThatAreDiscarded() {
        ByteBuf source = Unpooled.buffer(OutputBuffer.SLICE_FROM_BYTES).writeZero(OutputBuffer.SLICE_FROM_BYTES);
        buffer.append(bytes("x"));
        buffer.appendOrSlice(source, 0, source.readableBytes());

        buffer.discard();

        assertThat(source.refCnt()).isEqualTo(1);
        assertThat(buffer.isEmpty()).isTrue();
        assertThat(written()).isEmpty();
        source.release();
    }

    @Test
    void countsWhatASliceKeepsAlive() {
        ByteBuf received = Unpooled.directBuffer(100_000).writeZero(100_000);
        buffer.appendOrSlice(received, 0, 5_000);
        assertThat(buffer.excessBytes()).isEqualTo(95_000);
        buffer.appendOrSlice(received, 5_000, 5_000);
        assertThat(buffer.excessBytes()).isEqualTo(90_000);
        received.release();

        written();
        assertThat(buffer.excessBytes()).isZero();
    }

    @Test
    void keepsALastingPieceAsASliceOnlyIfItIsMostOfItsBuffer() {
        ByteBuf received = Unpooled.directBuffer(100_000).writeZero(100_000);
        buffer.appendLasting(received, 0, 5_000);
        assertThat(received.refCnt()).isOne();
        buffer.appendLasting(received, 5_000, 60_000);
        assertThat(received.refCnt()).isEqualTo(2);
        assertThat(buffer.size()).isEqualTo(65_000);
        received.release();

        assertThat(String.join("", written())).hasSize(65_000);
    }
}
