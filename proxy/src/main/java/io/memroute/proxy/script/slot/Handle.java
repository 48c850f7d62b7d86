package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.script.object.ReplyObject;
import io.memroute.proxy.script.object.RequestObject;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One handle of one slot: the request sent through it and the reply to it. Owned by the worker's thread. */
final class Handle extends Call {

    enum State {
        IDLE,
        /** To be sent at the next wait. */
        QUEUED,
        /** Sent. */
        ACTIVE,
        /** Answered. */
        DONE,
        /** Answered, and counted by a wait. */
        COUNTED
    }

    private final RequestContext slot;
    /** The target of requests, unless {@link #child} is. */
    private final Route route;

    private final @Nullable RequestContext child;
    private final ReplyObject reply;
    private @Nullable LuaFunction callback;

    private State state = State.IDLE;

    @SuppressWarnings("NullAway.Init")
    private RequestObject queued;

    @SuppressWarnings("NullAway.Init")
    private RequestHolder holder;

    /** Whether replies go straight to the call that the slot serves. */
    private boolean passing;

    private long startedNanos;
    private @Nullable Object result;
    private ResultClass resultClass = ResultClass.ANY;

    /** @param child the slot of another function, if that is the target, not the route */
    Handle(RequestContext slot, Route route, @Nullable RequestContext child, ReplyObject reply) {
        this.slot = slot;
        this.route = route;
        this.child = child;
        this.reply = reply;
    }

    /** The slot of another function, if that is the target. */
    @Nullable
    RequestContext child() {
        return child;
    }

    /** Whether a reply reaches the function as it came, unseen by any other. */
    boolean isPlain() {
        return child == null && callback == null;
    }

    State state() {
        return state;
    }

    void setCallback(LuaFunction function) {
        callback = function;
    }

    /** Marks a request to be sent; a handle that has one already keeps that. */
    void queue(RequestObject what) {
        if (state == State.IDLE) {
            queued = what;
            state = State.QUEUED;
        }
    }

    /** Sends the queued request, which may be answered before this returns. */
    void send() {
        state = State.ACTIVE;
        if (child != null) {
            child.serve(this, queued);
        } else {
            // Taken now: later edits of the request by the script are not for those who have it already.
            holder = queued.holder();
            // A script may have kept it from another slot, which may answer it meanwhile.
            holder.retain();
            passing = slot.isAnsweredBy(this);
            startedNanos = passing ? 0 : System.nanoTime();
            route.start(this);
        }
    }

    void count() {
        state = State.COUNTED;
    }

    boolean isDone() {
        return state == State.DONE || state == State.COUNTED;
    }

    /** A response, or the text that a function returned, once it is done. */
    @Nullable
    Object result() {
        return result;
    }

    /** The class of the result, once it is done. */
    ResultClass resultClass() {
        return resultClass;
    }

    @SuppressWarnings("NullAway") // not used again before they are set again
    void reset() {
        if (child != null && state != State.IDLE && state != State.QUEUED) {
            child.reset();
        }
        state = State.IDLE;
        queued = null;
        holder = null;
        result = null;
        resultClass = ResultClass.ANY;
        passing = false;
        reply.clear();
    }

    // ---- the answer of a function ----

    /** Takes the value of the function below, which has returned or failed. */
    void returned(@Nullable Object value) {
        switch (value) {
            case ReplyObject given when given.view() != null -> done(given, ResultClass.of(given.view()), true);
            case LuaString text -> done(text, ResultClass.ANY, false);
            case null, default -> {
                reply.keep(FixedReply.BACKEND_FAILURE);
                done(reply, ResultClass.ANY, true);
            }
        }
    }

    /** Notes that the function below and all that it started are at an end. */
    void childIdle() {
        slot.leave();
    }

    private void done(Object what, ResultClass judged, boolean tell) {
        LuaFunction told = tell ? callback : null;
        if (told == null) {
            complete(what, judged, null);
            return;
        }
        // The callback and the function's next step are one entry.
        try (LuaState.Count whole = slot.count()) {
            complete(what, judged, told);
        }
    }

    private void complete(Object what, ResultClass judged, @Nullable LuaFunction told) {
        state = State.DONE;
        result = what;
        resultClass = judged;
        boolean resume = false;
        if (told != null) {
            CallbackResult said = slot.function().callBack(told, what, queued);
            ResultClass preferred = said.judged();
            if (preferred != null) {
                resultClass = preferred;
            }
            resume = said.resume();
        }
        slot.completed(resume);
    }

    // ---- the answer of a route ----

    /** Notes the server that was picked to answer. */
    void asks(BackendSpec server) {
        reply.setBackend(server);
    }

    /** The client's, however far above this handle it is; also for a request of the script's own. */
    @Override
    public int clientDescriptor() {
        return slot.served().topDescriptor();
    }

    @Override
    public RequestHolder holder() {
        return holder;
    }

    @Override
    public void replied(Reply arrived) {
        if (passes()) {
            Answers.give(slot.asker(), arrived);
            passed();
            return;
        }
        reply.keep(arrived);
        arrived();
    }

    @Override
    public void answered(ByteBuf bytes) {
        replied(FixedReply.BACKEND_FAILURE);
    }

    @Override
    public void replyBegins(Reply line, int totalBytes) {
        if (passes()) {
            slot.asker().replyBegins(line, totalBytes);
            return;
        }
        reply.kept().begin(totalBytes);
    }

    @Override
    public void replyBytes(ByteBuf source, int index, int length) {
        if (passing) {
            slot.asker().replyBytes(source, index, length);
            return;
        }
        reply.kept().add(source, index, length);
    }

    @Override
    public void replyEnds() {
        if (passing) {
            slot.asker().replyEnds();
            passed();
            return;
        }
        reply.kept().end();
        arrived();
    }

    @Override
    public void replyBreaks() {
        if (passing) {
            slot.asker().replyBreaks();
            passed();
            return;
        }
        replied(FixedReply.BACKEND_FAILURE);
    }

    /**
     * Whether the reply passes. One that arrives before {@link #send} returns may not: the slot cannot be used again
     * yet.
     */
    private boolean passes() {
        passing &= !slot.isRunning();
        return passing;
    }

    private void passed() {
        passing = false;
        state = State.DONE;
        RequestHolder asked = holder;
        slot.answerPassed();
        slot.leave();
        asked.release();
    }

    private void arrived() {
        reply.setElapsedMicros(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startedNanos));
        RequestHolder asked = holder;
        done(reply, ResultClass.of(Objects.requireNonNull(reply.view())), true);
        slot.leave();
        asked.release();
    }
}
