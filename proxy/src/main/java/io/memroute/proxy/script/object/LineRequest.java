package io.memroute.proxy.script.object;

import io.memroute.protocol.Bytes;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request whose line a script has written: an edited one, or one of its own. Its bytes never change, so that its
 * receivers may go on reading them; another edit makes another object. Its memory is the collector's, except a large
 * value of the client's.
 */
public final class LineRequest implements RequestHolder {

    private final Request request;
    /** The value, if it lies apart: that of the client's request. */
    private final @Nullable ByteBuf value;
    /** The request that the value belongs to, unless it is this one's own. */
    private final @Nullable RequestHolder base;

    private LineRequest(Request request, @Nullable ByteBuf value, @Nullable RequestHolder base) {
        this.request = request;
        this.value = value;
        this.base = base;
    }

    /**
     * A request with another line and the same value.
     *
     * @param line with its line end
     * @return the request, if it is one line that a server understands, for a value of that length
     */
    static @Nullable LineRequest edited(byte[] line, RequestHolder before, RequestParser parser) {
        Request old = before.request();
        byte[] bytes = line;
        if (old.valueLength() >= 0 && before.value() == null) {
            int valueBytes = old.valueBytes();
            bytes = Arrays.copyOf(line, line.length + valueBytes);
            old.buffer().getBytes(old.end(), bytes, line.length, valueBytes);
        }
        LineRequest edited = new LineRequest(
                new Request(), before.value(), before instanceof LineRequest written ? written.base : before);
        return edited.parse(bytes, line.length, parser) && edited.request.valueLength() == old.valueLength()
                ? edited
                : null;
    }

    /**
     * A request of a script's own.
     *
     * @param line with its line end
     * @param value with its line end; empty for none
     * @return the request, if it is one line that a server understands
     */
    public static @Nullable LineRequest written(byte[] line, byte[] value, RequestParser parser) {
        byte[] bytes = Arrays.copyOf(line, line.length + value.length);
        System.arraycopy(value, 0, bytes, line.length, value.length);
        LineRequest written = new LineRequest(new Request(), null, null);
        return written.parse(bytes, line.length, parser) ? written : null;
    }

    /** A parsed request with its value, from memory of its own. */
    static LineRequest of(Request parsed) {
        return new LineRequest(parsed, null, null);
    }

    /**
     * Whether a server that is sent these bytes takes them for one request. Its opinion of the text behind a flag is
     * for it to say, which it does with one line, as for any other request.
     */
    private boolean parse(byte[] bytes, int lineBytes, RequestParser parser) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        int outcome = parser.parse(buffer, 0, lineBytes, request);
        return (outcome == RequestParser.COMPLETE || outcome == RequestParser.MALFORMED && request.onlyFlagTextWrong())
                && request.end() == lineBytes
                && !request.multiKey()
                && Bytes.indexOf(buffer, 0, lineBytes - 2, (byte) '\r') < 0;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public @Nullable ByteBuf value() {
        return value;
    }

    @Override
    public int clientDescriptor() {
        return base == null ? 0 : base.clientDescriptor();
    }

    @Override
    public Identity identity() {
        return base == null ? Identity.UNKNOWN : base.identity();
    }

    @Override
    public void retain() {
        if (base != null) {
            base.retain();
        }
    }

    @Override
    public void release() {
        if (base != null) {
            base.release();
        }
    }
}
