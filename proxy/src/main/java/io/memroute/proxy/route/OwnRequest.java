package io.memroute.proxy.route;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.backend.RequestHolder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A request that a route has written itself: another form of the client's, or one of its own making. It is used again
 * when nobody holds it. Owned by the worker's thread.
 */
final class OwnRequest implements RequestHolder {

    /** Most lines with a small value fit; it grows with the value. */
    private static final int FIRST_BYTES = 512;

    /** Beyond this a buffer that has grown with a value is given up: such values are rare. */
    private static final int KEPT_BYTES = 64 << 10;

    private final FreeList<OwnRequest> home;
    private final RequestParser parser;
    private final Request request = new Request();
    private final ByteBuf line = Unpooled.buffer(FIRST_BYTES);
    private ByteBuf value;
    /** Whose value is used, if it lies apart; null else. */
    private RequestHolder valueHolder;

    private int holds;

    private OwnRequest(FreeList<OwnRequest> home, RequestParser parser) {
        this.home = home;
        this.parser = parser;
    }

    /** The requests of one route, or of several on the same worker. */
    static final class Source {
        private final FreeList<OwnRequest> free = new FreeList<>();
        private final RequestParser parser = new RequestParser();

        /** An empty request, held once. */
        OwnRequest take() {
            OwnRequest taken = free.take();
            if (taken == null) {
                taken = new OwnRequest(free, parser);
            }
            taken.holds = 1;
            return taken;
        }
    }

    /** Where to write the line, and the value unless it lies apart. */
    ByteBuf line() {
        return line;
    }

    /** Appends the value of a client's request, or refers to it if it is large. */
    void copyValue(Request from, RequestHolder holder) {
        if (from.valueLength() < 0) {
            return;
        }
        if (holder.value() == null) {
            line.writeBytes(from.buffer(), from.end(), from.valueBytes());
        } else {
            holder.retain();
            valueHolder = holder;
            value = holder.value();
        }
    }

    /** Takes over a reference to a value, its line end included, that lies apart. */
    void setValue(ByteBuf apart) {
        value = apart;
    }

    /**
     * Has been written: finds its parts.
     *
     * @return whether it is one that a server would accept; else {@link Request#error()} says why not
     */
    boolean parse() {
        return parser.parse(line, 0, line.writerIndex(), request) == RequestParser.COMPLETE;
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
        holds++;
    }

    @Override
    public void release() {
        if (--holds > 0) {
            return;
        }
        line.clear();
        if (line.capacity() > KEPT_BYTES) {
            line.capacity(FIRST_BYTES);
        }
        if (valueHolder != null) {
            valueHolder.release();
            valueHolder = null;
        } else if (value != null) {
            value.release();
        }
        value = null;
        home.give(this);
    }
}
