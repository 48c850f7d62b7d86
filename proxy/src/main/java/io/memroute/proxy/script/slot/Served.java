package io.memroute.proxy.script.slot;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.trust.Identity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The receiver of a slot's answer: a call, or a handle of another slot. Owned by the worker's thread. */
final class Served {

    private @Nullable Call call;

    private @Nullable RequestHolder holder;
    /** The client's, for callbacks that come after the answer. */
    private int descriptor;

    private @Nullable Handle parent;

    /** Begins to serve a call; its request is kept until {@link #end}. */
    RequestHolder begin(Call served) {
        call = served;
        RequestHolder kept = served.holder();
        kept.retain();
        holder = kept;
        return kept;
    }

    /** Begins to serve a handle of another slot. */
    void begin(Handle served) {
        parent = served;
    }

    /** The call served, until it is answered, unless a handle is served. */
    @Nullable
    Call call() {
        return call;
    }

    /** The handle served, unless a call is. */
    @Nullable
    Handle parent() {
        return parent;
    }

    /** @param outlived whether the slot goes on for this request */
    void answer(@Nullable Object value, boolean outlived) {
        if (parent != null) {
            parent.returned(value);
            return;
        }
        Call answered = Objects.requireNonNull(call, "nothing is served");
        if (outlived) {
            descriptor = answered.clientDescriptor();
        }
        call = null;
        Answers.give(answered, value);
    }

    /** The file descriptor of the client's socket; 0 for a function below another. */
    int clientDescriptor() {
        return call == null ? descriptor : call.clientDescriptor();
    }

    /** The identity of the client, also for a function below another; unknown once the call is answered. */
    Identity identity() {
        return call != null ? call.identity() : parent != null ? parent.identity() : Identity.UNKNOWN;
    }

    /** The same as {@link #clientDescriptor()}, also for a function below another. */
    int topDescriptor() {
        return parent == null ? clientDescriptor() : parent.clientDescriptor();
    }

    /** Forgets the receiver. The request returned is to be released, if there is one. */
    @Nullable
    RequestHolder end() {
        RequestHolder held = holder;
        call = null;
        holder = null;
        descriptor = 0;
        parent = null;
        return held;
    }
}
