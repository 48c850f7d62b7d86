package io.memroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InputArenaTest {

    private final InputArena arena = new InputArena();

    private static ByteBuf read(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private InputArena.Place join(InputBlock left, int from, int to, String text) {
        ByteBuf data = read(text);
        InputArena.Place place = arena.join(left, from, to, data, data.readerIndex(), data.readableBytes());
        data.release();
        return place;
    }

    private static String text(InputBlock block, int from, int to) {
        return block.view().toString(from, to - from, StandardCharsets.ISO_8859_1);
    }

    @Test
    void putsTheReadsOfDifferentClientsIntoOneBlock() {
        InputArena.Place first = join(null, 0, 0, "get a\r\n");
        InputBlock block = first.block().retain();
        int from = first.from();
        int to = first.to();

        InputArena.Place second = join(null, 0, 0, "get b\r\n");

        assertThat(second.block()).isSameAs(block);
        assertThat(text(block, from, to)).isEqualTo("get a\r\n");
        assertThat(text(block, second.from(), second.to())).isEqualTo("get b\r\n");
    }

    @Test
    void continuesAnUnfinishedReadInPlaceIfNothingCameBetween() {
        InputArena.Place first = join(null, 0, 0, "ge");
        InputBlock block = first.block().retain();
        int from = first.from();

        InputArena.Place second = join(block, from, first.to(), "t a\r\n");

        assertThat(second.block()).isSameAs(block);
        assertThat(second.from()).isEqualTo(from);
        assertThat(text(block, second.from(), second.to())).isEqualTo("get a\r\n");
    }

    @Test
    void copiesAnUnfinishedReadBehindWhatCameBetween() {
        InputArena.Place first = join(null, 0, 0, "ge");
        InputBlock block = first.block().retain();
        int from = first.from();
        int to = first.to();
        join(null, 0, 0, "other\r\n").block().retain();

        InputArena.Place second = join(block, from, to, "t a\r\n");

        assertThat(text(second.block(), second.from(), second.to())).isEqualTo("get a\r\n");
    }

    @Test
    void leavesRequestsOnTheirWayAloneWhenABlockIsFull() {
        String line = "x".repeat(1000);
        InputArena.Place first = join(null, 0, 0, line);
        InputBlock held = first.block().retain();
        int from = first.from();
        int to = first.to();

        for (int i = 0; i < 200; i++) {
            join(null, 0, 0, "y".repeat(1000));
        }

        assertThat(text(held, from, to)).isEqualTo(line);
        assertThat(join(null, 0, 0, "z").block()).isNotSameAs(held);
        held.release();
    }

    @Test
    void startsOverOnABlockWithoutRequests() {
        InputArena.Place first = join(null, 0, 0, "get a\r\n");
        InputBlock block = first.block().retain();
        int from = first.from();
        block.release();

        InputArena.Place second = join(null, 0, 0, "get b\r\n");

        assertThat(second.block()).isSameAs(block);
        assertThat(second.from()).isEqualTo(from);
    }

    @Test
    void takesMoreAtOnceThanABlockHolds() {
        String huge = "get" + " k".repeat(InputArena.BLOCK_BYTES) + "\r\n";

        InputArena.Place place = join(null, 0, 0, huge);

        assertThat(text(place.block(), place.from(), place.to())).isEqualTo(huge);
    }

    @Test
    void gathersALongLineInLinearTimeWhateverOthersSendMeanwhile() {
        InputBlock block = null;
        int from = 0;
        int to = 0;
        int copied = 0;
        for (int i = 0; i < 900; i++) {
            InputArena.Place place = join(block, from, to, "k".repeat(1024));
            if (place.block() != block) {
                copied += to - from;
                place.block().retain();
                if (block != null) {
                    block.release();
                }
                block = place.block();
            }
            from = place.from();
            to = place.to();
            join(null, 0, 0, "get other\r\n");
        }
        assertThat(text(block, from, to)).isEqualTo("k".repeat(900 * 1024));
        assertThat(copied).isLessThan(3 * 900 * 1024);
    }
}
