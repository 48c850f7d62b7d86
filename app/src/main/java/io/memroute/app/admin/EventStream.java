package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.text.Shown;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that goes on: Server-Sent Events, until either side ends it. A reader that does not take what it is sent is
 * dropped, so that what waits for it stays bounded; browsers connect again by themselves. Thread safe; nothing here
 * waits.
 *
 * @see "https://html.spec.whatwg.org/multipage/server-sent-events.html"
 */
public final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    static final String CONTENT_TYPE = "text/event-stream";

    /** The bytes that may wait for a reader besides one event: some seconds of the numbers of a thousand servers. */
    static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(1 << 20, 2 << 20);

    private final Channel channel;

    EventStream(Channel channel) {
        this.channel = channel;
    }

    /** Whether there is somebody to send to. */
    public boolean isOpen() {
        return channel.isActive();
    }

    /**
     * Sends an event, or ends the stream if what was sent before waits for its reader.
     *
     * @param name a word
     * @param data text of one line or several
     */
    public void send(String name, String data) {
        send(encode(name, data));
    }

    /** An event as it is sent, so that several readers of the same get the same bytes. */
    public static byte[] encode(String name, String data) {
        StringBuilder event = new StringBuilder(data.length() + 32);
        event.append("event: ").append(name).append('\n');
        data.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
        return event.append('\n').toString().getBytes(UTF_8);
    }

    /** @param event as {@link #encode} makes it; not changed any more */
    public void send(byte[] event) {
        if (!channel.isWritable()) {
            LOG.info("disconnecting a reader of events that is too slow: {}", Shown.text("" + channel.remoteAddress()));
            channel.close();
            return;
        }
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)));
    }

    /** Ends the stream after what has been sent. */
    public void end() {
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
    }
}
