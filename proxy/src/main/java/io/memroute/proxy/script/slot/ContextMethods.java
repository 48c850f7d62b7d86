package io.memroute.proxy.script.slot;

import io.memroute.lua.Args;
import io.memroute.lua.Calls;
import io.memroute.lua.Function3;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.script.object.RequestObject;
import org.jspecify.annotations.Nullable;

/**
 * The methods of request contexts that queue and wait.
 *
 * @see "docs/reference/proxy-api.md section 3.9"
 */
public final class ContextMethods {

    private static final String IN_WAIT = "wait_cond: cannot call while already in wait mode";

    private ContextMethods() {}

    static LuaTable meta() {
        LuaTable methods = new LuaTable();
        methods.put("enqueue", new Enqueue());
        methods.put("enqueue_and_wait", new EnqueueAndWait());
        methods.put("wait_handle", LuaFunction.varargs("wait_handle", ContextMethods::waitHandle));
        methods.put("wait_cond", LuaFunction.varargs("wait_cond", ContextMethods::waitCond));
        methods.put("sleep", LuaFunction.varargs("sleep", ContextMethods::sleep));
        methods.put("handle_set_cb", LuaFunction.of("handle_set_cb", ContextMethods::setCallback));
        methods.put(
                "request_new",
                LuaFunction.of("request_new", (L, self) -> of(L, self).objects().request()));
        methods.put(
                "response_new",
                LuaFunction.of(
                        "response_new", (L, self) -> of(L, self).objects().response()));
        methods.put("tls_peer_cn", LuaFunction.of("tls_peer_cn", (L, self) -> {
            String commonName = of(L, self).served().identity().commonName();
            return commonName.isEmpty() ? null : LuaString.of(commonName);
        }));
        methods.put("cfd", LuaFunction.of("cfd", (L, self) ->
                (long) of(L, self).served().clientDescriptor()));
        ResultMethods.addTo(methods);
        return new LuaTable().put("__index", methods).put("__name", LuaString.of(RequestContext.TYPE_NAME));
    }

    static RequestContext of(LuaState L, Object self) {
        return Args.userdata(L, self, 1, RequestContext.class, RequestContext.TYPE_NAME);
    }

    /** The handle of that number, if there is one. */
    static @Nullable Handle handle(RequestContext context, @Nullable Object number) {
        return number == null ? null : context.handles().get(number);
    }

    // ---- queueing ----

    private static final class Enqueue extends Function3 {
        Enqueue() {
            super("enqueue");
        }

        @Override
        public Object call(LuaState L, Object self, Object what, Object to) {
            RequestContext context = ContextMethods.of(L, self);
            RequestObject request = RequestObject.of(L, what, 2);
            if (context.currentWait().isActive() || !context.isRunning()) {
                throw new LuaError("enqueue: cannot enqueue new requests while in a wait");
            }
            request.requireSendable();
            if (to instanceof LuaTable list) {
                long count = list.length();
                for (long i = 1; i <= count; i++) {
                    queue(context, request, L.index(list, i), "invalid handle passed to queue via array table");
                }
            } else if (!(to instanceof Number)) {
                throw new LuaError("must pass a handle or a table to queue");
            } else {
                queue(context, request, to, "attempted to enqueue an invalid handle");
            }
            return Results.NONE;
        }
    }

    private static Handle queue(RequestContext context, RequestObject request, Object number, String error) {
        if (!(number instanceof Number) || LuaNumber.toInteger(number) == null) {
            throw new LuaError(error);
        }
        Handle handle = handle(context, LuaNumber.toInteger(number));
        if (handle == null) {
            throw new LuaError("attempted to enqueue an invalid handle");
        }
        handle.queue(request);
        return handle;
    }

    // ---- waiting ----

    /** Needs no array for the usual call, which has three arguments. */
    private static final class EnqueueAndWait extends Function3 {
        EnqueueAndWait() {
            super("enqueue_and_wait");
        }

        @Override
        public Object call(LuaState L, Object self, Object what, Object number) {
            return enqueueAndWait(L, self, what, number, Wait.NO_TIMEOUT);
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return args.length > 3
                    ? enqueueAndWait(L, args[0], args[1], args[2], nanos(args[3]))
                    : super.invoke(L, args);
        }
    }

    private static Object enqueueAndWait(LuaState L, Object self, Object what, Object number, long timeoutNanos) {
        RequestContext context = of(L, self);
        RequestObject request = RequestObject.of(L, what, 2);
        context.requireRunning(L, IN_WAIT);
        request.requireSendable();
        Handle handle = handle(context, number);
        if (handle != null && handle.state() != Handle.State.IDLE) {
            // Its answer would be that to another request, or would never come.
            throw new LuaError("enqueue_and_wait: handle " + number + " has already been used for this request");
        }
        handle = queue(context, request, number, "invalid handle passed to enqueue_and_wait");
        context.currentWait().forHandle(handle, timeoutNanos);
        return context.pendingWait();
    }

    /**
     * Waits in a context, as a call that the methods which prepare the wait leave to the reader of their result. If
     * nobody reads it, because the route function returns it or can be left there, nothing need be suspended.
     */
    static final LuaFunction WAIT = new Calls.WaitFunction("wait") {
        @Override
        public Object call(LuaState L, Object context) {
            ((RequestContext) context).beginWait();
            return L.yield(Results.NONE);
        }
    };

    private static Object waitHandle(LuaState L, Object[] args) {
        RequestContext context = of(L, Args.at(args, 1));
        context.requireRunning(L, "wait: cannot call while already in wait mode");
        Handle handle = handle(context, LuaNumber.toInteger(Args.at(args, 2)));
        if (handle == null) {
            throw new LuaError("invalid handle passed to wait_handle");
        }
        if (handle.state() == Handle.State.IDLE) {
            throw new LuaError("wait_handle called on unqueued handle");
        }
        context.currentWait().forHandle(handle, timeout(args, 3));
        return context.pendingWait();
    }

    private static Object waitCond(LuaState L, Object[] args) {
        RequestContext context = of(L, Args.at(args, 1));
        context.requireRunning(L, IN_WAIT);
        if (args.length < 2) {
            throw new LuaError("must pass at least count to wait_cond");
        }
        Long count = LuaNumber.toInteger(args[1]);
        if (count == null || count < 0) {
            throw new LuaError("wait count for wait_cond must be a positive integer");
        }
        Long mode = args.length < 3 ? (Long) McpConstants.WAIT_ANY : LuaNumber.toInteger(args[2]);
        if (mode == null || mode < McpConstants.WAIT_ANY || mode > McpConstants.WAIT_FASTGOOD) {
            throw new LuaError("invalid mode sent to wait_cond");
        }
        context.currentWait().forCount(count, mode, timeout(args, 4));
        return context.pendingWait();
    }

    private static Object sleep(LuaState L, Object[] args) {
        RequestContext context = of(L, Args.at(args, 1));
        context.requireRunning(L, "sleep: cannot call while already in wait mode");
        context.currentWait().sleep(nanos(Args.at(args, 2)));
        return context.pendingWait();
    }

    private static long timeout(Object[] args, int n) {
        return args.length < n ? Wait.NO_TIMEOUT : nanos(args[n - 1]);
    }

    private static long nanos(Object seconds) {
        double number = switch (LuaNumber.coerce(seconds)) {
            case Long n -> n;
            case Double d -> d;
            case null, default -> throw new LuaError("timeout argument to wait or sleep must be a number");
        };
        return number > 0 ? (long) (Math.min(number, Integer.MAX_VALUE) * 1e9) : 0;
    }

    private static Object setCallback(LuaState L, Object self, Object number, Object callback) {
        Handle handle = handle(of(L, self), LuaNumber.toInteger(number));
        if (handle == null) {
            throw new LuaError("invalid handle passed to queue_set_cb");
        }
        handle.setCallback(Args.function(L, callback, 3));
        return Results.NONE;
    }
}
