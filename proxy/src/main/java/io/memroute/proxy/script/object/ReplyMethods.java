package io.memroute.proxy.script.object;

import io.memroute.lua.Function1;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import org.jspecify.annotations.Nullable;

/**
 * The methods of response objects.
 *
 * @see "docs/reference/proxy-api.md section 3.11"
 */
public final class ReplyMethods {

    private ReplyMethods() {}

    public static LuaTable meta() {
        LuaTable methods = new LuaTable();
        methods.put("ok", new Function1("ok") {
            @Override
            public Object call(LuaState L, Object self) {
                ReplyObject object = ReplyObject.of(L, self, 1);
                Reply reply = object.view();
                return reply == null ? object.verdict().ok() : reply.ok();
            }
        });
        methods.put("hit", new Function1("hit") {
            @Override
            public Object call(LuaState L, Object self) {
                ReplyObject object = ReplyObject.of(L, self, 1);
                Reply reply = object.view();
                return reply == null ? object.verdict().hit() : reply.hit();
            }
        });
        methods.put("code", LuaFunction.of("code", (L, self) -> {
            ReplyObject object = ReplyObject.of(L, self, 1);
            Reply reply = object.view();
            return reply == null ? object.verdict().code() : (long) reply.code();
        }));
        methods.put("vlen", LuaFunction.of("vlen", (L, self) -> {
            Reply reply = ReplyObject.of(L, self, 1).view();
            return reply == null ? 0L : (long) Math.max(0, reply.valueLength());
        }));
        methods.put(
                "line",
                LuaFunction.of(
                        "line", (L, self) -> line(ReplyObject.of(L, self, 1).view())));
        methods.put(
                "elapsed",
                LuaFunction.of(
                        "elapsed", (L, self) -> ReplyObject.of(L, self, 1).elapsedMicros()));
        methods.put("raw_string", LuaFunction.of("raw_string", (L, self) -> {
            byte[] bytes = ReplyObject.of(L, self, 1).bytes();
            return bytes == null ? null : LuaString.wrap(bytes);
        }));
        methods.put(
                "flag_blank",
                LuaFunction.of(
                        "flag_blank",
                        (L, self, flag) ->
                                ReplyObject.of(L, self, 1).blankFlag(RequestFlagMethods.letter(L, flag, "request"))));
        LuaFunction close = LuaFunction.of("close", (L, self) -> {
            ReplyObject.of(L, self, 1).close();
            return Results.NONE;
        });
        methods.put("close", close);
        return new LuaTable()
                .put("__index", methods)
                .put("__close", close)
                .put("__name", LuaString.of(ReplyObject.TYPE_NAME));
    }

    /** The text after the code of a meta reply, or after the length of one with a value; nil if there is none. */
    private static @Nullable LuaString line(@Nullable Reply reply) {
        if (reply == null || !reply.type().isMeta()) {
            return null;
        }
        int after = reply.type() == ReplyType.VA ? 2 : 1;
        if (reply.tokenCount() <= after) {
            return null;
        }
        int from = reply.tokenIndex(after);
        byte[] text = new byte[reply.lineEnd() - from];
        reply.buffer().getBytes(from, text);
        return LuaString.wrap(text);
    }
}
