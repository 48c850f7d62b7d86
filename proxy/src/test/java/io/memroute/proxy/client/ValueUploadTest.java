package io.memroute.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueUploadTest {

    private static final int LARGE = OutputBuffer.SLICE_FROM_BYTES;

    private final Random random = new Random(7);

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ValueUpload upload(int bytes) {
        return new ValueUpload(null, UnpooledByteBufAllocator.DEFAULT, bytes);
    }

    @Test
    void putsTogetherReadsOfAnyLength() {
        byte[] value = bytes(300_000);
        ValueUpload upload = upload(value.length);
        for (int at = 0; at < value.length; ) {
            int length = Math.min(value.length - at, 1 + random.nextInt(random.nextBoolean() ? 10 : 3 * LARGE));
            ByteBuf read = Unpooled.copiedBuffer(value, at, length);
            assertThat(upload.add(read, 0, length)).isEqualTo(length);
            read.release();
            at += length;
        }

        assertThat(upload.isComplete()).isTrue();
        ByteBuf whole = upload.finish();
        assertThat(ByteBufUtil.getBytes(whole)).isEqualTo(value);
        assertThat(whole.release()).isTrue();
    }

    @Test
    void leavesWhatFollowsTheValue() {
        ValueUpload upload = upload(100);
        ByteBuf read = Unpooled.wrappedBuffer(bytes(150));

        assertThat(upload.add(read, 10, 90)).isEqualTo(90);
        assertThat(upload.isComplete()).isFalse();
        assertThat(upload.add(read, 100, 50)).isEqualTo(10);
        assertThat(upload.isComplete()).isTrue();
        upload.discard();
    }

    @Test
    void keepsLargeReadsButNoSmallOnes() {
        ValueUpload upload = upload(10 * LARGE);
        ByteBuf small = Unpooled.wrappedBuffer(bytes(LARGE - 1));
        ByteBuf large = Unpooled.wrappedBuffer(bytes(LARGE));

        upload.add(small, 0, LARGE - 1);
        upload.add(large, 0, LARGE);

        assertThat(small.refCnt()).isEqualTo(1);
        assertThat(large.refCnt()).isEqualTo(2);
        upload.discard();
        assertThat(large.refCnt()).isEqualTo(1);
    }
}
