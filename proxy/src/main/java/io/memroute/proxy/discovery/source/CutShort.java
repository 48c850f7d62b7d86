package io.memroute.proxy.discovery.source;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Takes the records out of answers that were too long for a packet. Netty asks again over TCP; if that fails it would
 * make do with the records that fit, and the servers of the others would seem to have left.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1">RFC 1035, 4.1.1, the header</a>
 */
final class CutShort extends ChannelInboundHandlerAdapter {

    private static final int HEADER_BYTES = 12;
    private static final int FLAGS_INDEX = 2;

    /** TC in the first of the two bytes of flags. */
    private static final int TRUNCATED = 0x02;

    /** The numbers of answers, of authorities and of additional records, two bytes each. */
    private static final int ANSWERS_INDEX = 6;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof DatagramPacket packet) {
            ByteBuf bytes = packet.content();
            int start = bytes.readerIndex();
            if (bytes.readableBytes() >= HEADER_BYTES && (bytes.getByte(start + FLAGS_INDEX) & TRUNCATED) != 0) {
                bytes.setZero(start + ANSWERS_INDEX, HEADER_BYTES - ANSWERS_INDEX);
            }
        }
        context.fireChannelRead(message);
    }
}
