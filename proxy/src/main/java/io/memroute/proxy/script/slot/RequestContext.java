package io.memroute.proxy.script.slot;

import io.memroute.lua.Args;
import io.memroute.lua.Calls;
import io.memroute.lua.Coroutine;
import io.memroute.lua.Function0;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.script.object.ReplyObject;
import io.memroute.proxy.script.object.RequestObject;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A slot of a function generator, {@code rctx} in scripts: runs the function made for it, one request after another, in
 * a coroutine that is suspended while the function waits. Owned by the worker's thread.
 *
 * <p>What is queued is sent when the function has been suspended, so that an answer that comes at once never meets a
 * running function. The slot is used again when the function has returned and everything that it sent has been
 * answered.
 *
 * @see "proxy-api.md section 3.9"
 */
final class RequestContext extends LuaUserdata {

    static final String TYPE_NAME = "mcp.rcontext";

    /** What a callback said; both parts are optional. */
    record CallbackResult(ResultClass judged, boolean resume) {
        static final CallbackResult NOTHING = new CallbackResult(null, false);

        static CallbackResult of(Object said) {
            if (!(Results.first(said) instanceof Long mode)) {
                return NOTHING;
            }
            ResultClass judged = mode == McpConstants.WAIT_GOOD
                    ? ResultClass.GOOD
                    : mode == McpConstants.WAIT_OK ? ResultClass.OK : null;
            return new CallbackResult(judged, Args.truth(Results.get(said, 1)));
        }
    }

    private final FunctionGenerator home;
    private final WorkerState state;
    private final Handle[] handles;
    private final RequestObject own;
    private final LuaFunction body = new Body();
    private final LuaFunction resume = new Resume();
    private final LuaFunction close = new Close();
    private final Wait wait = new Wait(this);
    /** What the script has made for this slot with {@code request_new} and {@code response_new}. */
    private final SlotObjects objects;

    private LuaFunction function;
    private Coroutine coroutine;

    /** Who asked: a call, or a handle of another slot. */
    private Call asker;

    private RequestHolder askerHolder;
    /** The client's, for callbacks that come when it has been answered. */
    private int descriptor;

    private Handle parent;
    private RequestObject request;
    private boolean running;
    /** The function has ended; if a wait is active, what that gives is the value. */
    private boolean returned;

    private Object value;
    /** Sent and not answered. */
    private int outstanding;
    /** What keeps the slot in use: the function, and each request with all that it has started. */
    private int uses;

    private Future<?> timer;
    private int timerSerial;

    /** @throws LuaError if a slot below cannot be made */
    RequestContext(FunctionGenerator home, WorkerState state, List<FunctionGenerator.Target> targets, int objectLimit) {
        super(state.contextMeta());
        this.home = home;
        this.state = state;
        this.own = new RequestObject(state.requestMeta());
        this.objects = new SlotObjects(state, objectLimit);
        this.handles = new Handle[targets.size()];
        int made = 0;
        try {
            for (; made < handles.length; made++) {
                ReplyObject reply = new ReplyObject(state.replyMeta(), state.worker());
                handles[made] = switch (targets.get(made)) {
                    case FunctionGenerator.ToRoute(Route route) -> new Handle(this, route, null, reply);
                    case FunctionGenerator.ToFunction(FunctionGenerator below) ->
                        new Handle(this, null, below.take(), reply);
                };
            }
        } finally {
            if (made < handles.length) {
                giveBackChildren();
            }
        }
    }

    /** The slot was made for nothing: those of other generators that it has taken are free again. */
    void giveBackChildren() {
        for (Handle handle : handles) {
            if (handle != null && handle.child() != null) {
                handle.child().home.giveBack(handle.child());
            }
        }
    }

    /** The slot goes, and with it those of other generators that it has. */
    void discard() {
        home.discarded();
        for (Handle handle : handles) {
            if (handle.child() != null) {
                handle.child().discard();
            }
        }
    }

    SlotObjects objects() {
        return objects;
    }

    void setFunction(LuaFunction made) {
        function = made;
    }

    Handle[] handles() {
        return handles;
    }

    Wait currentWait() {
        return wait;
    }

    /**
     * Serves one request. What ends with waiting for a handle, and most functions do, leaves that wait to the slot: the
     * coroutine has come to its end then and was never suspended, which is the most expensive thing that happens to a
     * request.
     */
    private final class Body extends Function0 {
        Body() {
            super("route");
        }

        @Override
        public Object call(LuaState L) {
            Object result = Calls.resolveUpTo(L, function.call(L, request), ContextMethods.AWAIT);
            if (Calls.isPending(result, ContextMethods.AWAIT)
                    && ((Handle) Calls.pendingArgument(result)).slot() == RequestContext.this) {
                wait.forHandle((Handle) Calls.pendingArgument(result));
            } else {
                value = Calls.first(L, result);
            }
            returned = true;
            return Results.NONE;
        }
    }

    /** Goes on with the coroutine, as an entry of its own into the state: its limits count from here. */
    private final class Resume extends Function1 {
        Resume() {
            super("resume");
        }

        @Override
        public Object call(LuaState L, Object argument) {
            coroutine.resume(argument);
            return Results.NONE;
        }
    }

    /** Ends the coroutine, which may run what is to be closed: an entry into the state, too. */
    private final class Close extends Function0 {
        Close() {
            super("close");
        }

        @Override
        public Object call(LuaState L) {
            coroutine.close();
            return Results.NONE;
        }
    }

    // ---- a request ----

    /** Serves a call. */
    void serve(Call call) {
        asker = call;
        askerHolder = call.holder();
        askerHolder.retain();
        own.stand(askerHolder);
        request = own;
        begin();
    }

    /** Serves a handle of another slot, whose request it shares. */
    void serve(Handle of, RequestObject shared) {
        parent = of;
        request = shared;
        begin();
    }

    private void begin() {
        uses = 1;
        outstanding = 0;
        returned = false;
        run(Results.NONE);
    }

    private void run(Object argument) {
        // What is answered at once is followed by the next step at once: the limits are for all that happens before
        // others have a turn.
        try (LuaState.Count whole = state.lua().count()) {
            runToWait(argument);
        }
    }

    private void runToWait(Object argument) {
        running = true;
        Object resumeWith = argument;
        while (resume(resumeWith)) {
            send();
            if (!wait.isOver(outstanding)) {
                running = false;
                return;
            }
            resumeWith = endWait(false);
            if (returned) {
                value = Results.first(resumeWith);
                break;
            }
        }
        running = false;
        answer();
    }

    /** A wait is over. */
    private void goOn(Object results) {
        if (returned) {
            value = Results.first(results);
            answer();
        } else {
            run(results);
        }
    }

    /** Goes on until the next wait (true), which may be one after the end of the function, or the end (false). */
    private boolean resume(Object argument) {
        if (coroutine == null) {
            coroutine = state.lua().newCoroutine(body);
        } else if (coroutine.status() == Coroutine.Status.DEAD) {
            coroutine.restart(body);
        }
        try {
            state.call(resume, new Object[] {argument});
            if (returned || wait.isActive()) {
                return wait.isActive();
            }
            state.call(close);
            state.log()
                    .error(
                            home.name(),
                            new LuaError("a route function may only wait with the methods of its context,"
                                    + " not with coroutine.yield"));
        } catch (LuaError e) {
            state.log().error(home.name(), e);
        } catch (RuntimeException e) {
            state.log().error(home.name(), e);
        }
        coroutine = null;
        wait.end();
        value = Answers.FAILED;
        returned = true;
        return false;
    }

    private void send() {
        if (!wait.sends()) {
            return;
        }
        for (Handle handle : handles) {
            if (handle.state() == Handle.State.QUEUED) {
                outstanding++;
                uses++;
                handle.send();
            }
        }
    }

    /** Whom it serves, if that is a call. */
    Call asker() {
        return asker;
    }

    /**
     * Whether the function has ended with the wait for this handle and nothing else, so that its reply, as it comes, is
     * the answer.
     */
    boolean isAnsweredBy(Handle handle) {
        if (!returned || asker == null || !handle.isPlain() || !wait.isFor(handle)) {
            return false;
        }
        for (Handle other : handles) {
            // Its callback might look at the reply.
            if (other != handle && other.state() != Handle.State.IDLE) {
                return false;
            }
        }
        return true;
    }

    /** The handle that {@link #isAnsweredBy} has answered the asker. */
    void answerPassed() {
        outstanding--;
        wait.end();
        leave();
    }

    private void answer() {
        Object answer = value;
        if (parent != null) {
            parent.returned(answer);
        } else {
            Call answered = asker;
            if (uses > 1) {
                descriptor = answered.clientDescriptor();
            }
            asker = null;
            Answers.give(answered, answer);
        }
        leave();
    }

    /** The function, or a request that it sent, needs the slot no more. */
    void leave() {
        if (--uses > 0) {
            return;
        }
        if (parent != null) {
            // Its replies may be the parent's results: they go when the parent's slot is used again.
            parent.childIdle();
            return;
        }
        RequestHolder holder = askerHolder;
        reset();
        home.give(this);
        holder.release();
    }

    /** Forgets the request. */
    void reset() {
        for (Handle handle : handles) {
            handle.reset();
        }
        value = null;
        asker = null;
        descriptor = 0;
        askerHolder = null;
        parent = null;
        request = null;
        own.end();
        objects.clear();
    }

    /** Whether its function runs, or is between being suspended and going on. */
    boolean isRunning() {
        return running;
    }

    // ---- waiting ----

    /**
     * Suspends the running function; {@link #currentWait()} has been set up.
     *
     * @param timeoutNanos -1 for none
     */
    Object suspend(LuaState L, long timeoutNanos) {
        if (timeoutNanos >= 0) {
            int serial = ++timerSerial;
            timer = state.worker().loop().schedule(() -> timeUp(serial), timeoutNanos, TimeUnit.NANOSECONDS);
        }
        return L.yield(Results.NONE);
    }

    /**
     * @param error what to say if the function waits already, as when a callback asks
     * @throws LuaError unless the function made for this slot is running, in no coroutine of its own
     */
    void requireRunning(LuaState L, String error) {
        if (wait.isActive()) {
            throw new LuaError(error);
        }
        if (coroutine == null || L.running() != coroutine) {
            throw new LuaError(
                    "cannot wait here: only the function of this context may, outside coroutines of its own");
        }
    }

    /** The file descriptor of the client's socket; 0 for a function below another. */
    int clientDescriptor() {
        return asker == null ? descriptor : asker.clientDescriptor();
    }

    /** The same, also for a function below another. */
    int topDescriptor() {
        return parent == null ? clientDescriptor() : parent.clientDescriptor();
    }

    private void timeUp(int serial) {
        if (serial == timerSerial && timer != null) {
            timer = null;
            goOn(endWait(true));
        }
    }

    private Object endWait(boolean timedOut) {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        Object results = wait.results(timedOut);
        wait.end();
        return results;
    }

    // ---- from handles ----

    /** Has the limits hold for all that happens until the count is closed. */
    LuaState.Count count() {
        return state.lua().count();
    }

    /** A handle has its result. */
    void completed(boolean resume) {
        outstanding--;
        if (wait.isActive()) {
            if (resume) {
                wait.resume();
            }
            if (!running && wait.isOver(outstanding)) {
                goOn(endWait(false));
            }
        }
    }

    CallbackResult callBack(LuaFunction callback, Object result, RequestObject asked) {
        try {
            return CallbackResult.of(state.call(callback, result, asked));
        } catch (LuaError e) {
            state.log().error(home.name(), e);
            return CallbackResult.NOTHING;
        }
    }
}
