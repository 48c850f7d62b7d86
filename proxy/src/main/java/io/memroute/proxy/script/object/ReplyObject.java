package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.KeptReply;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.log.LoggedReply;
import io.memroute.proxy.log.RequestLine;
import io.memroute.proxy.script.tool.ToolReply;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code mcp.response}: a reply as scripts see it. That of a handle belongs to its slot and is used again for the
 * slot's next request. Owned by the worker's thread.
 *
 * @see "docs/reference/proxy-api.md section 3.11"
 */
public final class ReplyObject extends LuaUserdata implements ToolReply {

    static final String TYPE_NAME = "mcp.response";

    /** The reply that arrives for a handle; others have memory of the collector's alone. */
    private final @Nullable KeptReply kept;
    /** A reply in memory of the collector's; goes before {@link #kept}. */
    private @Nullable Reply own;

    private long elapsedMicros;
    /** The results of its methods while there is no reply. */
    private Verdict verdict = Verdict.BLANK;
    /** The server that was asked, unless the embedded store was. */
    private @Nullable BackendSpec backend;

    /** The verdict on a reply, which outlives its bytes. */
    record Verdict(boolean ok, boolean hit, long code) {
        /** Results while a mutator has not written it. */
        static final Verdict BLANK = new Verdict(true, true, 0);

        static Verdict of(Reply reply) {
            return new Verdict(reply.ok(), reply.hit(), reply.code());
        }
    }

    /** The reply of a handle. */
    public ReplyObject(LuaTable meta, WorkerContext worker) {
        super(meta);
        kept = new KeptReply(worker.allocator(), worker.memory());
    }

    /** A reply for a mutator to write. */
    public ReplyObject(LuaTable meta) {
        super(meta);
        kept = null;
    }

    /** A copy of a reply. */
    public ReplyObject(LuaTable meta, Reply reply) {
        super(meta);
        kept = null;
        own = copy(reply);
    }

    static ReplyObject of(LuaState L, Object value, int n) {
        return Args.userdata(L, value, n, ReplyObject.class, TYPE_NAME);
    }

    private static Reply copy(Reply reply) {
        int bytes = reply.wholeBytes();
        byte[] copied = new byte[bytes];
        reply.buffer().getBytes(reply.start(), copied);
        Reply view = new Reply();
        ReplyParser.parse(Unpooled.wrappedBuffer(copied), 0, bytes, view);
        return view;
    }

    /** The reply, unless it was closed, or never came. */
    @Override
    public @Nullable Reply view() {
        return own != null || kept == null ? own : kept.view();
    }

    public void keep(Reply reply) {
        kept().keep(reply);
    }

    /** Lets the reply of a handle arrive. */
    public KeptReply kept() {
        own = null;
        return Objects.requireNonNull(kept, "not the reply of a handle");
    }

    public void setBackend(BackendSpec asked) {
        backend = asked;
    }

    /** The backend that was asked, for lines about requests. */
    String server() {
        return backend == null ? RequestLine.EMBEDDED_STORE : RequestLine.server(backend);
    }

    /** The reply as lines about requests show it. */
    LoggedReply logged() {
        Reply reply = view();
        if (reply == null) {
            return LoggedReply.NONE;
        }
        return FixedReply.isBackendFailure(reply) ? LoggedReply.FAILED : LoggedReply.of(reply.type());
    }

    public void setElapsedMicros(long micros) {
        elapsedMicros = micros;
    }

    long elapsedMicros() {
        return elapsedMicros;
    }

    Verdict verdict() {
        return verdict;
    }

    /** Lets go of the bytes before the slot does. */
    void close() {
        Reply reply = view();
        if (reply != null) {
            Verdict remains = Verdict.of(reply);
            clear();
            verdict = remains;
        }
    }

    public void clear() {
        own = null;
        verdict = Verdict.BLANK;
        elapsedMicros = 0;
        backend = null;
        if (kept != null) {
            kept.clear();
        }
    }

    /** All bytes of the reply, for a classic hit with {@code END}, if a server sent any. */
    byte @Nullable [] bytes() {
        Reply reply = view();
        if (reply == null || FixedReply.isBackendFailure(reply)) {
            return null;
        }
        int bytes = reply.wholeBytes();
        byte[] end = reply.type() == ReplyType.VALUE ? Replies.END : new byte[0];
        byte[] all = new byte[bytes + end.length];
        reply.buffer().getBytes(reply.start(), all, 0, bytes);
        System.arraycopy(end, 0, all, bytes, end.length);
        return all;
    }

    /** The value with its line end, if there is one. */
    public byte @Nullable [] value() {
        int bytes = valueBytes();
        if (bytes < 0) {
            return null;
        }
        byte[] value = new byte[bytes];
        copyValue(value, 0);
        return value;
    }

    @Override
    public int valueBytes() {
        Reply reply = view();
        return reply == null || reply.valueLength() < 0 ? -1 : reply.valueBytes();
    }

    @Override
    public void copyValue(byte[] target, int at) {
        Reply reply = Objects.requireNonNull(view());
        reply.buffer().getBytes(reply.end(), target, at, reply.valueBytes());
    }

    @Override
    public void become(Reply written) {
        own = written;
    }

    /** Overwrites a flag of a meta reply and its token with spaces; says whether it was there. */
    boolean blankFlag(int letter) {
        Reply reply = view();
        if (reply == null || !reply.type().isMeta() || !reply.hasFlag(letter)) {
            return false;
        }
        // On a copy: the bytes of a large reply are shared with the received buffer.
        Reply blanked = copy(reply);
        int from = blanked.flagTokenIndex(letter) - 1;
        int length = blanked.flagTokenLength(letter) + 1;
        ByteBuf buffer = blanked.buffer();
        for (int i = 0; i < length; i++) {
            buffer.setByte(from + i, ' ');
        }
        ReplyParser.parse(buffer, blanked.start(), buffer.writerIndex(), blanked);
        own = blanked;
        return true;
    }
}
