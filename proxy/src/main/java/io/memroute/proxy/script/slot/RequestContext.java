package io.memroute.proxy.script.slot;

import io.memroute.lua.Calls;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.script.object.RequestObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A slot of a function generator, {@code rctx} in scripts: runs the function made for it, one request after another, in
 * a coroutine that comes to its end or is suspended while the function waits. Owned by the worker's thread.
 *
 * <p>Queued requests are sent when the function has been left, so that an answer that comes at once never meets a
 * running function. The slot is used again when the function has returned and everything that it sent has been
 * answered: {@link SlotPhase} says how far a request has come.
 *
 * <p>Longer than 300 lines: it has the methods that scripts call, and the waits behind them are one state machine.
 *
 * @see "docs/reference/proxy-api.md section 3.9"
 */
final class RequestContext extends LuaUserdata {

    static final String TYPE_NAME = "mcp.rcontext";

    private final FunctionGenerator home;
    private final WorkerState state;
    private final SlotHandles handles;
    private final Served served = new Served();
    private final RequestObject own;
    private final SlotCoroutine function;
    private final Wait wait = new Wait(this);
    private final Object pendingWait = Calls.pending(ContextMethods.WAIT, this);
    private final WaitTimer timer;
    /** The requests and responses that the script makes for this slot. */
    private final SlotObjects objects;

    private SlotPhase phase = SlotPhase.FREE;

    @SuppressWarnings("NullAway.Init")
    private RequestObject request;

    /** Requests sent and not answered. */
    private int outstanding;
    /** Keeps the slot in use: one for the function, and one for each request with all that it has started. */
    private int uses;

    /** @throws LuaError if a slot below cannot be made */
    RequestContext(FunctionGenerator home, WorkerState state, List<FunctionGenerator.Target> targets, int objectLimit) {
        super(state.contextMeta());
        this.home = home;
        this.state = state;
        this.own = new RequestObject(state.requestMeta());
        this.function = new SlotCoroutine(this, home, state);
        this.timer = new WaitTimer(state.worker().loop(), () -> goOn(endWait(true)));
        this.objects = new SlotObjects(state, objectLimit);
        this.handles = new SlotHandles(this, state, targets);
    }

    /** Frees the slots of other generators that this one, which was made for nothing, has taken. */
    void giveBackChildren() {
        handles.giveBackChildren();
    }

    /** Frees this slot, which the slot that took it has not used. */
    void giveBack() {
        home.giveBack(this);
    }

    /** Lets the slot go, and with it those of other generators that it has. */
    void discard() {
        home.discarded();
        handles.discardChildren();
    }

    SlotObjects objects() {
        return objects;
    }

    SlotCoroutine function() {
        return function;
    }

    SlotHandles handles() {
        return handles;
    }

    Wait currentWait() {
        return wait;
    }

    /** The request being served. */
    RequestObject request() {
        return request;
    }

    // ---- a request ----

    /** Serves a call. */
    void serve(Call call) {
        own.stand(served.begin(call));
        request = own;
        begin();
    }

    /** Serves a handle of another slot, whose request it shares. */
    void serve(Handle of, RequestObject shared) {
        served.begin(of);
        request = shared;
        begin();
    }

    private void begin() {
        uses = 1;
        outstanding = 0;
        run(Results.NONE);
    }

    private void run(@Nullable Object argument) {
        // The next step follows an immediate answer at once: the limits are for all that happens before others have a
        // turn.
        try (LuaState.Count whole = state.lua().count()) {
            runToWait(argument);
        }
    }

    private void runToWait(@Nullable Object argument) {
        @Nullable Object resumeWith = argument;
        while (true) {
            phase = SlotPhase.RUNNING;
            switch (function.resume(resumeWith)) {
                case FAILED -> {
                    wait.end();
                    answer(Answers.FAILED);
                    return;
                }
                case RETURNED -> {
                    answer(function.value());
                    return;
                }
                case RETURNED_WAIT -> {
                    phase = SlotPhase.ENDING;
                    send();
                    if (wait.isOver(outstanding)) {
                        answer(Results.first(endWait(false)));
                    } else {
                        phase = SlotPhase.LAST_WAIT;
                    }
                    return;
                }
                case SUSPENDED -> {
                    send();
                    if (!wait.isOver(outstanding)) {
                        phase = SlotPhase.WAITING;
                        return;
                    }
                    resumeWith = endWait(false);
                }
            }
        }
    }

    /** Goes on after a wait. */
    private void goOn(@Nullable Object results) {
        if (phase == SlotPhase.LAST_WAIT) {
            answer(Results.first(results));
        } else {
            run(results);
        }
    }

    private void send() {
        if (!wait.sends()) {
            return;
        }
        for (Handle handle : handles.all()) {
            if (handle.state() == Handle.State.QUEUED) {
                outstanding++;
                uses++;
                handle.send();
            }
        }
    }

    /** The call that {@link #isAnsweredBy a reply as it comes} answers. */
    Call asker() {
        return Objects.requireNonNull(served.call());
    }

    /**
     * Whether the function has ended with the wait for this handle and nothing else, so that its reply, as it comes, is
     * the answer. The callback of another handle might look at the reply.
     */
    boolean isAnsweredBy(Handle handle) {
        return phase == SlotPhase.ENDING
                && served.call() != null
                && handle.isPlain()
                && wait.isFor(handle)
                && wait.timeoutNanos() == Wait.NO_TIMEOUT
                && handles.isOnlyOneUsed(handle);
    }

    /** Notes that the handle of {@link #isAnsweredBy} has answered the asker. */
    void answerPassed() {
        outstanding--;
        wait.end();
        phase = SlotPhase.ANSWERED;
        leave();
    }

    private void answer(@Nullable Object value) {
        phase = SlotPhase.ANSWERED;
        served.answer(value, uses > 1);
        leave();
    }

    /** Notes that the function, or a request that it sent, no longer needs the slot. */
    void leave() {
        if (--uses > 0) {
            return;
        }
        if (served.parent() != null) {
            // Its replies may be the parent's results: they go when the parent's slot is used again.
            served.parent().childIdle();
            return;
        }
        @Nullable RequestHolder holder = reset();
        home.give(this);
        if (holder != null) {
            holder.release();
        }
    }

    /** Forgets the request; gives back that of a call, which is to be released. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    @Nullable
    RequestHolder reset() {
        handles.reset();
        phase = SlotPhase.FREE;
        function.reset();
        request = null;
        own.end();
        objects.clear();
        return served.end();
    }

    /** Whether its function runs, or is between being suspended and going on. */
    boolean isRunning() {
        return phase.isRunning();
    }

    // ---- waiting ----

    /** The call that waits as {@link #currentWait()} has been prepared to: the result of methods that wait. */
    Object pendingWait() {
        return pendingWait;
    }

    /** Begins the wait that has been prepared: the function is being left or suspended. */
    void beginWait() {
        wait.begin();
        if (wait.timeoutNanos() != Wait.NO_TIMEOUT) {
            timer.start(wait.timeoutNanos());
        }
    }

    /**
     * @param error the message if the function waits already, as when a callback asks
     * @throws LuaError unless the function made for this slot is running, in no coroutine of its own
     */
    void requireRunning(LuaState L, String error) {
        if (wait.isActive()) {
            throw new LuaError(error);
        }
        if (!function.isRunning(L)) {
            throw new LuaError(
                    "cannot wait here: only the function of this context may wait, outside coroutines of its own");
        }
    }

    private @Nullable Object endWait(boolean timedOut) {
        timer.cancel();
        Object results = wait.results(timedOut);
        wait.end();
        return results;
    }

    // ---- from handles ----

    Served served() {
        return served;
    }

    /** Has the limits hold for all that happens until the count is closed. */
    LuaState.Count count() {
        return state.lua().count();
    }

    /** Notes that a handle has its result. */
    void completed(boolean resume) {
        outstanding--;
        if (wait.isActive()) {
            if (resume) {
                wait.resume();
            }
            if (!isRunning() && wait.isOver(outstanding)) {
                goOn(endWait(false));
            }
        }
    }
}
