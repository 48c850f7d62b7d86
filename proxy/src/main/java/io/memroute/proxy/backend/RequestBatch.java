package io.memroute.proxy.backend;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.backend.line.CanonicalLine;
import io.memroute.proxy.backend.line.SharedLine;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.wire.ArrayPool;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.channel.ChannelHandlerContext;

/**
 * The command lines that one backend connection will write next. Owned by the worker's thread.
 *
 * <p>A classic get that directly follows another one joins its command line ({@code get a} and {@code get b} become
 * {@code get a b}), because a backend spends most of its time per command line and per write, not per key.
 */
final class RequestBatch {

    /** Keys in one command line: more save little and delay the first reply. */
    private static final int MERGED_KEYS = 64;

    /** Bytes of keys in a gat line, which with its other words stays below the 1024 that the oldest servers take. */
    private static final int MERGED_GAT_BYTES = 960;

    private final GetMerging merging;
    private final OutputBuffer output;
    private final SharedLine shared = new SharedLine();

    /** Keys in the command line at the end of the output; 0 if it is closed to further keys. */
    private int openKeys;

    private int openBytes;

    @SuppressWarnings("NullAway.Init")
    private Request openRequest;

    RequestBatch(GetMerging merging, ArrayPool arrays) {
        this.merging = merging;
        this.output = new OutputBuffer(arrays);
    }

    boolean isEmpty() {
        return output.isEmpty();
    }

    /** The bytes to be written. */
    long bytes() {
        return output.size();
    }

    /** The place of a request that was appended. */
    enum Place {
        /** A command line of its own, which others may join. */
        OWN_LINE,
        /** The command line before it. */
        JOINED,
        /** The command line before it, where its key may stand already. */
        JOINED_REPEATED
    }

    /** Appends a request. */
    Place append(Call call) {
        Request request = call.request();
        if (!request.command().isClassicGet()) {
            openKeys = 0;
            CanonicalLine.append(call, output);
            return Place.OWN_LINE;
        }
        boolean fits = fitsOpenLine(request);
        boolean repeated = fits && repeatsKey(request);
        if (fits && !(repeated && merging.repeatedKeys() == GetMerging.RepeatedKeys.ANSWERED_ONCE)) {
            output.unappend(Replies.CRLF.length);
            output.append((byte) ' ');
            CanonicalLine.appendKey(request, output);
            output.append(Replies.CRLF);
            openKeys++;
            openBytes += 1 + request.keyLength();
            return repeated ? Place.JOINED_REPEATED : Place.JOINED;
        }
        CanonicalLine.append(call, output);
        openKeys = 0;
        if (merging.allowed()) {
            openKeys = 1;
            openBytes = request.keyLength();
            openRequest = request;
        }
        return Place.OWN_LINE;
    }

    /** Appends a get that shares its command line with no other. */
    void appendApart(Call call) {
        openKeys = 0;
        CanonicalLine.append(call, output);
    }

    /** Appends a command line of the proxy's own. */
    void append(byte[] line) {
        openKeys = 0;
        output.append(line);
    }

    /** Whether the request can share the command line before it: the same command and, for gat, the same expiry. */
    private boolean fitsOpenLine(Request request) {
        if (openKeys == 0 || openKeys >= MERGED_KEYS || openRequest.command() != request.command()) {
            return false;
        }
        return request.command() == Command.GET
                || request.command() == Command.GETS
                || openBytes + request.keyLength() < MERGED_GAT_BYTES && openRequest.sameLine(request);
    }

    /** Whether the open line may ask for the key already; to be asked only where that matters. */
    private boolean repeatsKey(Request request) {
        if (merging.repeatedKeys() == GetMerging.RepeatedKeys.ANSWERED) {
            return false;
        }
        if (openKeys == 1) {
            shared.clear();
            shared.add(openRequest);
        }
        return !shared.add(request);
    }

    /** Hands everything to the channel, unflushed. */
    void writeTo(ChannelHandlerContext context) {
        closeLine();
        output.writeTo(context);
    }

    void discard() {
        closeLine();
        output.discard();
    }

    @SuppressWarnings("NullAway") // not used again before it is set again
    private void closeLine() {
        openKeys = 0;
        openRequest = null;
    }
}
