package io.memroute.proxy.script.slot;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.trust.Identity;

/** The receiver of a slot's answer: a call, or a handle of another slot. Owned by the worker's thread. */
final class Served {

    /** Null while a handle is served, and once the call is answered. */
    private Call call;

    private RequestHolder holder;
    /** The client's, for callbacks that come after the answer. */
    private int descriptor;
    /** Null while a call is served. */
    private Handle parent;

    /** Begins to serve a call; its request is kept until {@link #end}. */
    RequestHolder begin(Call served) {
        call = served;
        holder = served.holder();
        holder.retain();
        return holder;
    }

    /** Begins to serve a handle of another slot. */
    void begin(Handle served) {
        parent = served;
    }

    /** The call served; null if a handle is, or if the call is answered. */
    Call call() {
        return call;
    }

    /** The handle served; null if a call is. */
    Handle parent() {
        return parent;
    }

    /** @param outlived whether the slot goes on for this request */
    void answer(Object value, boolean outlived) {
        if (parent != null) {
            parent.returned(value);
            return;
        }
        Call answered = call;
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
    RequestHolder end() {
        RequestHolder held = holder;
        call = null;
        holder = null;
        descriptor = 0;
        parent = null;
        return held;
    }
}
