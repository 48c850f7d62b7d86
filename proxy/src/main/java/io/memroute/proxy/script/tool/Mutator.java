package io.memroute.proxy.script.tool;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Made by {@code mcp.req_mutator_new} and {@code mcp.res_mutator_new}: a function that writes a request or a response.
 * The result is parsed before it is used: a line that memcached would refuse, and a value of another length than the
 * line says, are errors.
 *
 * @see "docs/reference/proxy-api.md section 3.14"
 */
abstract class Mutator extends VarFunction {

    private final MutatorStep[] steps;
    private final Draft draft = new Draft();

    private Mutator(MutatorStep[] steps) {
        super("mutator");
        this.steps = steps;
    }

    @Override
    public Object invoke(LuaState L, Object[] arguments) {
        Object target = arguments.length == 0 ? null : arguments[0];
        if (target == null || !takes(target)) {
            throw Args.bad(L, 1, "invalid argument to mutator object");
        }
        draft.clear();
        try {
            for (MutatorStep step : steps) {
                if (!step.write(draft, arguments)) {
                    return Boolean.FALSE;
                }
            }
            if (!draft.isOneLine()) {
                return Boolean.FALSE;
            }
            write(target, draft);
        } finally {
            // How long a value lives is the arguments' business.
            draft.clear();
        }
        return Results.NONE;
    }

    /** Whether it is an object of the kind that the mutator writes. */
    abstract boolean takes(Object target);

    /** @throws LuaError if the target is in use, or the draft makes no sense; the target is then as it was */
    abstract void write(Object target, Draft draft);

    private static void requireLength(String what, int declared, Draft draft) {
        int given = draft.valueLength();
        if (declared != given) {
            throw new LuaError("mutator: the line of the new " + what + " says that " + length(declared) + ", but "
                    + (given < 0 ? "there is none" : "it is " + given + " bytes long"));
        }
    }

    private static String length(int declared) {
        return declared < 0 ? "there is no value" : "the value is " + declared + " bytes long";
    }

    static final class OfRequests extends Mutator {
        private final RequestParser parser;

        OfRequests(MutatorStep[] steps, RequestParser parser) {
            super(steps);
            this.parser = parser;
        }

        @Override
        boolean takes(Object target) {
            return target instanceof ToolRequest;
        }

        @Override
        void write(Object target, Draft draft) {
            if (((ToolRequest) target).valueBytes() >= 0) {
                throw new LuaError("mutator: request has already been rendered");
            }
            if (draft.lineBytes() > RequestParser.DEFAULT_MAX_LINE) {
                throw new LuaError("mutator: new request is too long");
            }
            ByteBuf bytes = Unpooled.wrappedBuffer(draft.bytes());
            Request request = new Request();
            if (parser.parse(bytes, 0, draft.lineBytes(), request) != RequestParser.COMPLETE || request.multiKey()) {
                throw new LuaError("mutator: failed to parse new request");
            }
            requireLength("request", request.valueLength(), draft);
            ((ToolRequest) target).become(request);
        }
    }

    static final class OfReplies extends Mutator {

        OfReplies(MutatorStep[] steps) {
            super(steps);
        }

        @Override
        boolean takes(Object target) {
            return target instanceof ToolReply;
        }

        @Override
        void write(Object target, Draft draft) {
            if (((ToolReply) target).view() != null) {
                throw new LuaError("mutator: result has already been rendered");
            }
            ByteBuf bytes = Unpooled.wrappedBuffer(draft.bytes());
            Reply reply = new Reply();
            if (ReplyParser.parse(bytes, 0, draft.lineBytes(), reply) != ReplyParser.COMPLETE) {
                throw new LuaError("mutator: failed to parse new result");
            }
            requireLength("result", reply.valueLength(), draft);
            ((ToolReply) target).become(reply);
        }
    }
}
