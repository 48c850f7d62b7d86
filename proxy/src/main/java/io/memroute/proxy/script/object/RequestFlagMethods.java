package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;

/**
 * The methods of request objects about meta flags.
 *
 * @see "docs/reference/proxy-api.md section 3.10"
 */
final class RequestFlagMethods {

    private static final int LOWEST = 'A';
    private static final int HIGHEST = 'z';

    private final RequestParser parser;

    RequestFlagMethods(RequestParser parser) {
        this.parser = parser;
    }

    void addTo(LuaTable methods) {
        methods.put(
                "has_flag",
                LuaFunction.of(
                        "has_flag",
                        (L, self, flag) ->
                                RequestObject.of(L, self, 1).request().hasFlag(letter(L, flag, "has_flag()"))));
        methods.put("flag_token", LuaFunction.varargs("flag_token", this::token));
        methods.put("flag_token_int", LuaFunction.of("flag_token_int", RequestFlagMethods::tokenInt));
        methods.put("flag_add", LuaFunction.of("flag_add", this::add));
        methods.put("flag_set", LuaFunction.of("flag_set", this::set));
        methods.put("flag_del", LuaFunction.of("flag_del", this::delete));
        methods.put("flag_replace", LuaFunction.varargs("flag_replace", this::replace));
    }

    /** @param method how the messages of the method begin */
    static int letter(LuaState L, Object flag, String method) {
        return letter(L, flag, 2, method);
    }

    private static int letter(LuaState L, Object flag, int n, String method) {
        LuaString text = Args.string(L, flag, n);
        if (text.length() != 1) {
            throw new LuaError(method + ": meta flag must be a single character");
        }
        int letter = text.byteAt(0);
        if (letter < LOWEST || letter > HIGHEST) {
            throw new LuaError(method + ": invalid flag, must be A-Z,a-z");
        }
        return letter;
    }

    private static int letter(LuaState L, Object flag) {
        return letter(L, flag, "request");
    }

    /** A flag: its letter and token. */
    private static byte[] flag(int letter, Object token) {
        LuaString text = switch (token) {
            case null -> LuaString.EMPTY;
            case LuaString s -> s;
            case Long n -> LuaString.of(n.toString());
            case Double d -> LuaNumber.toString(d);
            default -> throw new LuaError("request: invalid flag argument");
        };
        byte[] whole = new byte[text.length() + 1];
        whole[0] = (byte) letter;
        text.copyTo(0, whole, 1, text.length());
        return whole;
    }

    /** The number of the token that is the flag; -1 if the request does not have it. */
    private static int position(Request request, int letter) {
        if (!request.hasFlag(letter)) {
            return -1;
        }
        for (int token = request.firstFlagToken(); token < request.tokenCount(); token++) {
            if (request.buffer().getByte(request.tokenIndex(token)) == letter) {
                return token;
            }
        }
        return -1;
    }

    private boolean put(RequestObject object, int position, byte[] flag) {
        LineEdit edit = LineEdit.of(object.text());
        if (position < 0) {
            edit.append(flag);
        } else {
            edit.replace(position, flag);
        }
        return object.edit(edit.text(), parser);
    }

    private Object token(LuaState L, Object[] args) {
        RequestObject object = RequestObject.of(L, Args.at(args, 1), 1);
        int letter = letter(L, Args.at(args, 2), "has_flag()");
        Request request = object.request();
        int position = position(request, letter);
        if (position < 0) {
            return Boolean.FALSE;
        }
        int length = request.flagTokenLength(letter);
        Object found = length == 0
                ? Boolean.TRUE
                : Results.of(Boolean.TRUE, object.text(request.flagTokenIndex(letter), length));
        if (Args.at(args, 3) != null
                && !put(object, position, Args.string(L, args, 3).bytes())) {
            throw new LuaError(RequestMethods.MALFORMED);
        }
        return found;
    }

    private static Object tokenInt(LuaState L, Object self, Object flag) {
        RequestObject object = RequestObject.of(L, self, 1);
        int letter = letter(L, flag, "has_flag()");
        Request request = object.request();
        int length = request.flagTokenLength(letter);
        if (length <= 0) {
            return Boolean.FALSE;
        }
        Long number = RequestMethods.integer(object.text(request.flagTokenIndex(letter), length));
        return number == null ? Boolean.TRUE : Results.of(Boolean.TRUE, number);
    }

    private Object add(LuaState L, Object self, Object flag, Object token) {
        RequestObject object = RequestObject.of(L, self, 1);
        int letter = letter(L, flag);
        byte[] added = flag(letter, token);
        return object.request().command().isMeta() && !object.request().hasFlag(letter) && put(object, -1, added);
    }

    private Object set(LuaState L, Object self, Object flag, Object token) {
        RequestObject object = RequestObject.of(L, self, 1);
        int letter = letter(L, flag);
        byte[] added = flag(letter, token);
        return object.request().command().isMeta() && put(object, position(object.request(), letter), added);
    }

    private Object delete(LuaState L, Object self, Object flag) {
        RequestObject object = RequestObject.of(L, self, 1);
        int position = position(object.request(), letter(L, flag));
        return position >= 0 && put(object, position, new byte[0]);
    }

    private Object replace(LuaState L, Object[] args) {
        RequestObject object = RequestObject.of(L, Args.at(args, 1), 1);
        int old = letter(L, Args.at(args, 2));
        byte[] added = flag(letter(L, Args.at(args, 3), 3, "request"), Args.at(args, 4));
        return object.request().command().isMeta() && put(object, position(object.request(), old), added);
    }
}
