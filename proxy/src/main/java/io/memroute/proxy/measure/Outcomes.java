package io.memroute.proxy.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.ReplyKind;
import io.memroute.proxy.stats.RequestCounters;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of the requests that the clients of one listener give to routes. Owned by the worker's thread.
 *
 * <p>Neighbours with the same command and the same reply that were read in one loop pass, and are answered in one, are
 * counted as one, whichever clients they come from: that takes three comparisons for each. The counters learn of them
 * with {@link #publish}.
 */
public final class Outcomes {

    private static final ByteBuf[] ERROR_WORDS = {
        Unpooled.wrappedBuffer("ERROR".getBytes(US_ASCII)),
        Unpooled.wrappedBuffer("CLIENT_ERROR".getBytes(US_ASCII)),
        Unpooled.wrappedBuffer("SERVER_ERROR".getBytes(US_ASCII))
    };

    private final WorkerContext worker;
    private final RequestCounters requests;
    private final ClientCounters group;

    /** The neighbours that are not in the counters yet; if there are none, there is no command. */
    private @Nullable Command alikeCommand;

    private ReplyType alikeType = ReplyType.UNKNOWN;
    private long alikeArrivedNanos;
    private int alike;

    /**
     * Counts for a worker and for a listener.
     *
     * @param group the clients of the same listener
     */
    public Outcomes(WorkerContext worker, ClientCounters group) {
        this.worker = worker;
        this.requests = worker.requests();
        this.group = group;
    }

    /**
     * Counts a reply of that type; commands about the server have no outcome.
     *
     * @param arrivedNanos when the last byte of the request was read, on the worker's clock
     * @return whether {@link #publish} has to be called at the end of this loop pass
     */
    public boolean ended(Request request, long arrivedNanos, ReplyType type) {
        if (request.command() == alikeCommand && type == alikeType && arrivedNanos == alikeArrivedNanos) {
            alike++;
            return false;
        }
        return begin(request, arrivedNanos, type);
    }

    private boolean begin(Request request, long arrivedNanos, ReplyType type) {
        Command command = request.command();
        ReplyKind kind = ReplyKind.of(command, type);
        publish();
        boolean slow = worker.slowRequests().wants(arrivedNanos, worker.passNanos());
        if (slow || kind == ReplyKind.ERROR || !command.isStorage()) {
            ended(request, arrivedNanos, kind);
            return false;
        }
        alikeCommand = command;
        alikeType = type;
        alikeArrivedNanos = arrivedNanos;
        alike = 1;
        return true;
    }

    /** Has the counters hold everything that has ended. */
    public void publish() {
        Command command = alikeCommand;
        if (command != null) {
            alikeCommand = null;
            requests.ended(command, ReplyKind.of(command, alikeType), alike);
        }
    }

    /** Counts bytes that a Lua function has answered with. */
    public void ended(Request request, long arrivedNanos, ByteBuf bytes) {
        ended(request, arrivedNanos, beginsWithError(bytes) ? ReplyKind.ERROR : ReplyKind.OK);
    }

    /**
     * Counts an outcome; commands about the server have none.
     *
     * @param arrivedNanos when the last byte of the request was read, on the worker's clock
     */
    public void ended(Request request, long arrivedNanos, ReplyKind kind) {
        ended(request.command(), kind);
        if (request.command().isStorage()) {
            worker.slowRequests().ended(request, kind, arrivedNanos, worker.passNanos());
        }
    }

    private static boolean beginsWithError(ByteBuf bytes) {
        for (ByteBuf word : ERROR_WORDS) {
            int length = word.readableBytes();
            if (bytes.readableBytes() >= length && ByteBufUtil.equals(word, 0, bytes, bytes.readerIndex(), length)) {
                return true;
            }
        }
        return false;
    }

    /** Counts an outcome; that of a request that no route was asked for is known without the request. */
    public void ended(Command command, ReplyKind kind) {
        if (command.isStorage()) {
            requests.ended(command, kind, 1);
            if (kind == ReplyKind.ERROR) {
                group.increment(ClientCounters.Count.ERRORS);
            }
        }
    }
}
