package io.memroute.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * The sizes of one event loop's ring.
 *
 * @param submissions operations that fit into one call of the kernel; a power of two. More make a call more.
 * @param completions results that the kernel keeps without extra work; a power of two
 * @param small receive buffers of ordinary connections
 * @param large receive buffers of connections that are receiving much. Those whose receive buffer allocator
 *     ({@link io.netty.channel.ChannelOption#RECVBUF_ALLOCATOR}) begins with more than a small one may fill several at
 *     a time
 * @param allocator of the receive buffers; they must be direct
 */
public record UringOptions(int submissions, int completions, Buffers small, Buffers large, ByteBufAllocator allocator) {

    /**
     * 1,024 operations are more than a loop has in one pass unless thousands of connections are busy at once. 2 KB hold
     * a pipelined batch of small requests, and each of a thousand servers that answer in the same pass has one. Four of
     * 64 KB are what the kernel may receive before the loop passes it on: with a megabyte under way, what is passed on
     * has left the processor's cache by then, and values of 500 kB cost a quarter more. A group does not shrink, so
     * that the most are what a loop keeps after a busy moment: 2.3 MB.
     */
    public static final UringOptions DEFAULT = new UringOptions(
            1024, 8192, new Buffers(2 << 10, 128, 1024), new Buffers(64 << 10, 2, 4), PooledByteBufAllocator.DEFAULT);

    /** The kernel's limit for the buffers of a group. */
    private static final int MOST_BUFFERS = 1 << 15;

    /**
     * Receive buffers of one size.
     *
     * @param bytes the size of one
     * @param first how many there are at first; there will be more when there are too few
     * @param most how many there may be; a power of two
     */
    public record Buffers(int bytes, int first, int most) {

        public Buffers {
            requirePowerOfTwo("most", most, MOST_BUFFERS);
            if (bytes < 1 || first < 1 || first > most) {
                throw new IllegalArgumentException("receive buffers: " + bytes + " bytes, " + first + " to " + most
                        + " of them; expected at least one of at least a byte, and not more at first than at most");
            }
        }
    }

    public UringOptions {
        requirePowerOfTwo("submissions", submissions, 1 << 15);
        requirePowerOfTwo("completions", completions, 1 << 16);
    }

    private static void requirePowerOfTwo(String name, int value, int most) {
        if (Integer.bitCount(value) != 1 || value < 1 || value > most) {
            throw new IllegalArgumentException(name + " = " + value + "; expected a power of two of at most " + most);
        }
    }
}
