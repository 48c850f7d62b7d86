package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import org.jspecify.annotations.Nullable;

/**
 * The methods of request objects that look at tokens and change them; those about meta flags are in
 * {@link RequestFlagMethods}.
 *
 * @see "docs/reference/proxy-api.md section 3.10"
 */
public final class RequestMethods {

    static final String MALFORMED = "token(): request malformed after edit";

    private final RequestParser parser;

    private RequestMethods(RequestParser parser) {
        this.parser = parser;
    }

    public static LuaTable meta(RequestParser parser) {
        RequestMethods of = new RequestMethods(parser);
        LuaTable methods = new LuaTable();
        methods.put("command", new Function1("command") {
            @Override
            public Object call(LuaState L, Object self) {
                return (long) RequestObject.of(L, self, 1).request().command().id();
            }
        });
        methods.put("key", new Function1("key") {
            @Override
            public Object call(LuaState L, Object self) {
                RequestObject object = RequestObject.of(L, self, 1);
                Request request = object.request();
                return object.text(request.keyIndex(), request.keyLength());
            }
        });
        methods.put("ntokens", LuaFunction.of("ntokens", (L, self) ->
                (long) RequestObject.of(L, self, 1).request().tokenCount()));
        methods.put(
                "raw_line",
                LuaFunction.of(
                        "raw_line",
                        (L, self) -> LuaString.wrap(RequestObject.of(L, self, 1).text())));
        methods.put("raw_value", LuaFunction.of("raw_value", (L, self) -> {
            byte[] value = RequestObject.of(L, self, 1).value();
            return value == null ? null : LuaString.wrap(value);
        }));
        methods.put("token", LuaFunction.varargs("token", of::token));
        methods.put("token_int", LuaFunction.varargs("token_int", RequestMethods::tokenInt));
        methods.put("ltrimkey", LuaFunction.of("ltrimkey", (L, self, n) -> of.trim(L, self, n, true)));
        methods.put("rtrimkey", LuaFunction.of("rtrimkey", (L, self, n) -> of.trim(L, self, n, false)));
        methods.put("match_res", LuaFunction.of("match_res", RequestMethods::matchReply));
        new RequestFlagMethods(parser).addTo(methods);
        return new LuaTable()
                .put("__index", methods)
                .put("__name", LuaString.of(RequestObject.TYPE_NAME))
                .put("__tostring", LuaFunction.of("tostring", (L, self) -> LuaString.of(self.toString())));
    }

    private @Nullable Object token(LuaState L, Object[] args) {
        RequestObject object = RequestObject.of(L, Args.at(args, 1), 1);
        if (args.length < 2) {
            return null;
        }
        long n = Args.integer(L, args, 2);
        Request request = object.request();
        if (n < 1 || n > request.tokenCount()) {
            return null;
        }
        int token = (int) n - 1;
        if (args.length < 3) {
            return object.text(request.tokenIndex(token), request.tokenLength(token));
        }
        LuaString replacement = args[2] == null ? LuaString.EMPTY : Args.string(L, args, 3);
        LineEdit edit = LineEdit.of(object.text());
        edit.replace(token, replacement.bytes());
        if (!object.edit(edit.text(), parser)) {
            throw new LuaError(MALFORMED);
        }
        return Results.NONE;
    }

    private static @Nullable Object tokenInt(LuaState L, Object[] args) {
        RequestObject object = RequestObject.of(L, Args.at(args, 1), 1);
        if (args.length < 2) {
            return null;
        }
        long n = Args.integer(L, args, 2);
        Request request = object.request();
        if (n < 2 || n > request.tokenCount()) {
            return null;
        }
        int token = (int) n - 1;
        return integer(object.text(request.tokenIndex(token), request.tokenLength(token)));
    }

    /** A decimal number of 64 bits; nil if the text is none. */
    static @Nullable Long integer(LuaString text) {
        int digits = text.length() > 0 && text.byteAt(0) == '-' ? 1 : 0;
        for (int i = digits; i < text.length(); i++) {
            if (text.byteAt(i) < '0' || text.byteAt(i) > '9') {
                return null;
            }
        }
        return digits < text.length() && LuaNumber.parse(text) instanceof Long n ? n : null;
    }

    /** Overwrites bytes at one end of the key with spaces. */
    private Object trim(LuaState L, Object self, Object count, boolean left) {
        RequestObject object = RequestObject.of(L, self, 1);
        long n = Args.integer(L, count, 2);
        Request request = object.request();
        if (n < 0 || n >= request.keyLength()) {
            throw new LuaError((left ? "ltrimkey" : "rtrimkey") + " cannot zero out key");
        }
        LineEdit edit = LineEdit.of(object.text());
        edit.blank(request.command().keyToken(), (int) n, left);
        if (!object.edit(edit.text(), parser)) {
            throw new LuaError(MALFORMED);
        }
        return n;
    }

    private static Object matchReply(LuaState L, Object self, Object response) {
        RequestObject object = RequestObject.of(L, self, 1);
        Request request = object.request();
        Reply reply = ReplyObject.of(L, response, 2).view();
        if (reply == null || !reply.ok()) {
            return Results.of(Boolean.FALSE, LuaString.of("failed to parse response"));
        }
        boolean compared = false;
        if (reply.hasFlag('k')) {
            compared = true;
            if (!text(reply, 'k').equals(object.text(request.keyIndex(), request.keyLength()))) {
                return Results.of(Boolean.FALSE, LuaString.of("key in response does not match request key"));
            }
        }
        if (request.flagTokenLength('O') > 0) {
            compared = true;
            if (!reply.hasFlag('O')) {
                return Results.of(Boolean.FALSE, LuaString.of("opaque in request but not in response"));
            }
            if (!text(reply, 'O').equals(object.text(request.flagTokenIndex('O'), request.flagTokenLength('O')))) {
                return Results.of(Boolean.FALSE, LuaString.of("request opaque does not match response opaque"));
            }
        }
        return Results.of(compared, null);
    }

    private static LuaString text(Reply reply, int flag) {
        byte[] bytes = new byte[reply.flagTokenLength(flag)];
        reply.buffer().getBytes(reply.flagTokenIndex(flag), bytes);
        return LuaString.wrap(bytes);
    }
}
