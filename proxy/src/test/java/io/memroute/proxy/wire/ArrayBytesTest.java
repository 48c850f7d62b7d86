package io.memroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongBiFunction;
import org.junit.jupiter.api.Test;

class ArrayBytesTest {

    private static final int LENGTH = 64;

    /** Each way to read a number, at an index. */
    private static final List<ToLongBiFunction<ByteBuf, Integer>> READS = List.of(
            ByteBuf::getByte,
            ByteBuf::getUnsignedByte,
            ByteBuf::getShort,
            ByteBuf::getShortLE,
            ByteBuf::getUnsignedShort,
            ByteBuf::getMedium,
            ByteBuf::getInt,
            ByteBuf::getIntLE,
            ByteBuf::getUnsignedIntLE,
            ByteBuf::getLong,
            ByteBuf::getLongLE);

    private final byte[] array = random();
    private final ByteBuf netty = Unpooled.wrappedBuffer(array);
    private final ByteBuf bytes = new ArrayBytes(array);

    private static byte[] random() {
        byte[] random = new byte[LENGTH];
        new Random(7).nextBytes(random);
        return random;
    }

    @Test
    void readsWhatNettyReads() {
        for (ToLongBiFunction<ByteBuf, Integer> read : READS) {
            for (int at = 0; at <= LENGTH - Long.BYTES; at++) {
                assertThat(read.applyAsLong(bytes, at))
                        .as("%s at %s", READS.indexOf(read), at)
                        .isEqualTo(read.applyAsLong(netty, at));
            }
        }
        assertThat(bytes).isEqualTo(netty);
        assertThat(ByteBufUtil.equals(bytes, 3, netty, 3, 40)).isTrue();
        assertThat(ByteBufUtil.getBytes(bytes, 5, 17)).isEqualTo(ByteBufUtil.getBytes(netty, 5, 17));
    }

    @Test
    void readsNothingOutsideTheArray() {
        for (ToLongBiFunction<ByteBuf, Integer> read : READS) {
            for (int at : new int[] {-1, LENGTH, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                assertThatThrownBy(() -> read.applyAsLong(bytes, at))
                        .as("%s at %s", READS.indexOf(read), at)
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
        assertThatThrownBy(() -> bytes.getLongLE(LENGTH - 7)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void showsWhatIsWrittenToTheArray() {
        bytes.setBytes(8, new byte[] {1, 2, 3, 4});
        assertThat(bytes.getIntLE(8)).isEqualTo(0x04030201);
        array[8] = 9;
        assertThat(bytes.getByte(8)).isEqualTo((byte) 9);
    }

    @Test
    void keepsItsLength() {
        assertThatThrownBy(() -> bytes.capacity(LENGTH / 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> bytes.ensureWritable(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(bytes.capacity()).isEqualTo(LENGTH);
    }
}
