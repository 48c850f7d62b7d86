package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.script.tool.ToolRequest;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code mcp.request}: a request as scripts see it. Edits go to a copy of the line, so that nothing that was sent
 * before changes. Owned by the worker's thread.
 *
 * @see "docs/reference/proxy-api.md section 3.10"
 */
public final class RequestObject extends LuaUserdata implements ToolRequest {

    static final String TYPE_NAME = "mcp.request";

    private static final byte[] CRLF = {'\r', '\n'};

    /** Whether a mutator is to write it. */
    private final boolean writable;

    private @Nullable RequestHolder holder;

    public RequestObject(LuaTable meta) {
        this(meta, false);
    }

    private RequestObject(LuaTable meta, boolean writable) {
        super(meta);
        this.writable = writable;
    }

    /** A request for a mutator to write. */
    public static RequestObject blank(LuaTable meta) {
        return new RequestObject(meta, true);
    }

    public static RequestObject of(LuaState L, Object value, int n) {
        return Args.userdata(L, value, n, RequestObject.class, TYPE_NAME);
    }

    /** Begins to stand for a request, which the caller retains. */
    public void stand(RequestHolder forWhom) {
        holder = forWhom;
    }

    /** Ends: the request has been answered, and scripts that kept the object cannot look at it any longer. */
    public void end() {
        holder = null;
    }

    /** Whether it is still to be written. */
    boolean isBlank() {
        return writable && holder == null;
    }

    /** @throws LuaError if the request was answered, or is still to be written */
    public RequestHolder holder() {
        if (holder == null) {
            throw new LuaError(
                    writable ? "request: nothing has been written into it" : "request: used after it was answered");
        }
        return holder;
    }

    @Override
    public Request request() {
        return holder().request();
    }

    /** The line without its end; for one key of a multi-key get the line that a client would have sent for it alone. */
    byte[] text() {
        Request request = request();
        if (request.partOfMultiget()) {
            byte[] text = new byte[request.prefixLength() + request.keyLength()];
            request.buffer().getBytes(request.start(), text, 0, request.prefixLength());
            request.buffer().getBytes(request.keyIndex(), text, request.prefixLength(), request.keyLength());
            return text;
        }
        byte[] text = new byte[request.lineEnd() - request.start()];
        request.buffer().getBytes(request.start(), text);
        return text;
    }

    /** Whether it is of a kind that has a value, but a script made it without. */
    private boolean lacksValue() {
        RequestHolder from = holder();
        Request request = from.request();
        return request.valueLength() >= 0
                && from.value() == null
                && from instanceof LineRequest
                && request.buffer().writerIndex() < request.end() + request.valueBytes();
    }

    /** @throws LuaError if the request cannot be sent anywhere */
    public void requireSendable() {
        if (isBlank() || request().keyLength() == 0) {
            throw new LuaError("cannot queue requests without a key");
        }
        if (lacksValue()) {
            throw new LuaError("cannot queue requests without their value");
        }
    }

    /** The value with its line end, if there is one. */
    public byte @Nullable [] value() {
        Request request = request();
        if (request.valueLength() < 0 || lacksValue()) {
            return null;
        }
        byte[] value = new byte[request.valueBytes()];
        copyValue(value, 0);
        return value;
    }

    @Override
    public int valueBytes() {
        return holder == null || request().valueLength() < 0 || lacksValue()
                ? -1
                : request().valueBytes();
    }

    @Override
    public void copyValue(byte[] target, int at) {
        RequestHolder from = holder();
        ByteBuf apart = from.value();
        if (apart != null) {
            apart.getBytes(apart.readerIndex(), target, at, valueBytes());
        } else {
            from.request().buffer().getBytes(from.request().end(), target, at, valueBytes());
        }
    }

    /**
     * Gives the request another line.
     *
     * @param text without line end
     * @return false, and nothing has changed, if the line does not suit this request's value
     */
    boolean edit(byte[] text, RequestParser parser) {
        byte[] line = Arrays.copyOf(text, text.length + CRLF.length);
        System.arraycopy(CRLF, 0, line, text.length, CRLF.length);
        LineRequest edited = LineRequest.edited(line, holder(), parser);
        if (edited == null) {
            return false;
        }
        holder = edited;
        return true;
    }

    @Override
    public void become(Request written) {
        holder = LineRequest.of(written);
    }

    LuaString text(int index, int length) {
        byte[] bytes = new byte[length];
        request().buffer().getBytes(index, bytes);
        return LuaString.wrap(bytes);
    }

    @Override
    public String toString() {
        return holder == null ? "mcp.request: none" : "mcp.request: " + new String(text(), StandardCharsets.ISO_8859_1);
    }
}
