package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaError;
import io.memroute.proxy.script.object.ReplyObject;
import io.memroute.proxy.script.object.RequestObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests and responses that a script makes for a slot, to have mutators write them: blank again for each request
 * that the slot serves. Owned by the worker's thread.
 *
 * @see "docs/reference/proxy-api.md section 3.9, Others"
 */
final class SlotObjects {

    private final WorkerState state;
    private final int limit;
    private final List<RequestObject> requests = new ArrayList<>(0);
    private final List<ReplyObject> responses = new ArrayList<>(0);

    SlotObjects(WorkerState state, int limit) {
        this.state = state;
        this.limit = limit;
    }

    /** @throws LuaError if the slot has as many objects as were asked for */
    RequestObject request() {
        requireRoom();
        RequestObject made = RequestObject.blank(state.requestMeta());
        requests.add(made);
        return made;
    }

    /** @throws LuaError if the slot has as many objects as were asked for */
    ReplyObject response() {
        requireRoom();
        ReplyObject made = new ReplyObject(state.replyMeta());
        responses.add(made);
        return made;
    }

    private void requireRoom() {
        if (requests.size() + responses.size() >= limit) {
            throw new LuaError("rctx request new: object count limit reached");
        }
    }

    void clear() {
        if (limit > 0) {
            requests.forEach(RequestObject::end);
            responses.forEach(ReplyObject::clear);
        }
    }
}
