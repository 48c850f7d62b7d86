package io.memroute.proxy.call;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that a route has written itself: another form of the client's, or one of its own making. It is used again
 * when nobody holds it. Owned by the worker's thread.
 */
public final class OwnRequest implements RequestHolder {

    /** Most lines with a small value fit; it grows with the value. */
    private static final int FIRST_BYTES = 512;

    /** Beyond this a buffer that has grown with a value is given up: such values are rare. */
    private static final int KEPT_BYTES = 64 << 10;

    private final Source home;
    private final Request request = new Request();
    private final ByteBuf line = Unpooled.buffer(FIRST_BYTES);
    private @Nullable ByteBuf value;
    /** The holder of the value, if the value lies apart. */
    private @Nullable RequestHolder valueHolder;

    private int holds;

    private OwnRequest(Source home) {
        this.home = home;
    }

    /** Requests of one route, or of several on the same worker. */
    public static final class Source {
        private final FreeList<OwnRequest> free = new FreeList<>(this::make);
        private final RequestParser parser = new RequestParser();

        /** An empty request, held once. */
        public OwnRequest take() {
            OwnRequest taken = free.take();
            taken.holds = 1;
            return taken;
        }

        private OwnRequest make() {
            return new OwnRequest(this);
        }
    }

    /** The buffer for the line, and for the value unless it lies apart. */
    public ByteBuf line() {
        return line;
    }

    /** Appends the value of a client's request, or refers to it if it is large. */
    public void copyValue(Request from, RequestHolder holder) {
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
    public void setValue(ByteBuf apart) {
        value = apart;
    }

    /**
     * Has been written: finds its parts.
     *
     * @return whether it is one that a server would accept; else {@link #refusal()} says why not
     */
    public boolean parse() {
        return home.parser.parse(line, 0, line.writerIndex(), request) == RequestParser.COMPLETE;
    }

    /** Returns the reply to a request that {@link #parse()} has not accepted. */
    public Reply refusal() {
        return FixedReply.of(Objects.requireNonNull(request.error(), "error").reply());
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
        home.free.give(this);
    }
}
