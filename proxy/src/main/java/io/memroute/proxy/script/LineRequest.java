package io.memroute.proxy.script;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.backend.RequestHolder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * A request whose line a script has written: an edited one, or one of its own. Its bytes are never changed, so that those to whom it was sent
 * may go on reading them; another edit makes another. Its memory is the collector's, except a large value of the client's.
 */
final class LineRequest implements RequestHolder {

    private final Request request;
    /** The value, if it lies apart: that of the client's request. */
    private final ByteBuf value;
    /** Whose value is used; null if none. */
    private final RequestHolder base;

    private LineRequest(Request request, ByteBuf value, RequestHolder base) {
        this.request = request;
        this.value = value;
        this.base = base;
    }

    /**
     * A request with another line and the same value.
     *
     * @param line with its line end
     * @return null if it is no good line, or is not for a value of that length
     */
    static LineRequest edited(byte[] line, RequestHolder before, RequestParser parser) {
        Request old = before.request();
        byte[] bytes = line;
        if (old.valueLength() >= 0 && before.value() == null) {
            int valueBytes = old.valueLength() + 2;
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
     * @return null if it is no good line
     */
    static LineRequest written(byte[] line, byte[] value, RequestParser parser) {
        byte[] bytes = Arrays.copyOf(line, line.length + value.length);
        System.arraycopy(value, 0, bytes, line.length, value.length);
        LineRequest written = new LineRequest(new Request(), null, null);
        return written.parse(bytes, line.length, parser) ? written : null;
    }

    /** A request that has been parsed, with its value, from memory that is nobody else's. */
    static LineRequest of(Request parsed) {
        return new LineRequest(parsed, null, null);
    }

    private boolean parse(byte[] bytes, int lineBytes, RequestParser parser) {
        return parser.parse(Unpooled.wrappedBuffer(bytes), 0, lineBytes, request) == RequestParser.COMPLETE
                && request.end() == lineBytes
                && !request.multiKey();
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public ByteBuf value() {
        return value;
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
