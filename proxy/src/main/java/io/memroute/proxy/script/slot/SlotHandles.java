package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaError;
import io.memroute.proxy.route.NoRoute;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.script.object.ReplyObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The handles of a slot, with the slots of other generators below them. Owned by the worker's thread. */
final class SlotHandles {

    private final Handle[] handles;

    /** @throws LuaError if a slot below cannot be made */
    SlotHandles(RequestContext slot, WorkerState state, List<FunctionGenerator.Target> targets) {
        handles = new Handle[targets.size()];
        int made = 0;
        try {
            for (; made < handles.length; made++) {
                ReplyObject reply = new ReplyObject(state.replyMeta(), state.worker());
                handles[made] = switch (targets.get(made)) {
                    case FunctionGenerator.ToRoute(Route route) -> new Handle(slot, route, null, reply);
                    case FunctionGenerator.ToFunction(FunctionGenerator below) ->
                        new Handle(slot, NoRoute.INSTANCE, below.take(), reply);
                };
            }
        } finally {
            if (made < handles.length) {
                giveBackChildren();
            }
        }
    }

    /** All of them, by number. */
    Handle[] all() {
        return handles;
    }

    /** The handle of that number, if there is one. */
    @Nullable
    Handle get(Object number) {
        return number instanceof Long n && n >= 0 && n < handles.length ? handles[(int) (long) n] : null;
    }

    /** Frees the slots of other generators, of which none has been used. */
    void giveBackChildren() {
        for (Handle handle : handles) {
            if (handle != null && handle.child() != null) {
                handle.child().giveBack();
            }
        }
    }

    /** Lets the slots of other generators go. */
    void discardChildren() {
        for (Handle handle : handles) {
            if (handle.child() != null) {
                handle.child().discard();
            }
        }
    }

    /** Whether no other handle has been used for the request. */
    boolean isOnlyOneUsed(Handle handle) {
        for (Handle other : handles) {
            if (other != handle && other.state() != Handle.State.IDLE) {
                return false;
            }
        }
        return true;
    }

    /** Forgets the request. */
    void reset() {
        for (Handle handle : handles) {
            handle.reset();
        }
    }
}
