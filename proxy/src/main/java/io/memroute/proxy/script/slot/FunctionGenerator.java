package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.route.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code fgen}: makes functions that serve requests, one for each request under way at the same time, and is the route
 * that has them served. Slots are used again, the last one first. Owned by the worker's thread.
 *
 * @see "docs/reference/proxy-api.md sections 1.8 and 3.7"
 */
public final class FunctionGenerator extends LuaUserdata implements Route {

    static final String TYPE_NAME = "mcp.funcgen";

    /** The name of functions without one. */
    static final String UNNAMED = "anonymous";

    /** The target of a handle's requests. */
    sealed interface Target permits ToRoute, ToFunction {}

    record ToRoute(Route route) implements Target {}

    record ToFunction(FunctionGenerator generator) implements Target {}

    private final WorkerState state;
    private final List<Target> targets = new ArrayList<>();
    private final SlotCache<RequestContext> slots = new SlotCache<>(SlotCache.Rule.USUAL, System::nanoTime);
    private String name = UNNAMED;

    /** Set by {@link #ready}. */
    @SuppressWarnings("NullAway.Init")
    private LuaFunction generator;

    private @Nullable Object argument;
    private int objectLimit;
    private boolean ready;

    public FunctionGenerator(WorkerState state) {
        super(state.generatorMeta());
        this.state = state;
    }

    String name() {
        return name;
    }

    /** Whether its functions run in a state. */
    public boolean isOf(WorkerState some) {
        return state == some;
    }

    public boolean isReady() {
        return ready;
    }

    /** Adds a handle; returns its number. */
    int addHandle(Target target) {
        targets.add(target);
        return targets.size() - 1;
    }

    /**
     * Completes the generator, and makes its first slot.
     *
     * @param withArgument a second argument for the function, if it has one
     * @param objects how many requests and responses of its own a slot may make
     * @throws LuaError if that fails; it can be tried again then
     */
    void ready(LuaFunction function, @Nullable Object withArgument, String called, int objects) {
        generator = function;
        argument = withArgument;
        name = called;
        objectLimit = objects;
        ready = true;
        try {
            slots.put(newSlot());
            state.functions().add(name, 1, 0);
        } catch (LuaError e) {
            ready = false;
            throw e;
        }
    }

    /**
     * A slot for a request, or for a handle of another generator's slot, which keeps it as long as that slot lives.
     *
     * @throws LuaError if there is none free, and the function that makes functions failed or was never given
     */
    RequestContext take() {
        RequestContext slot = slots.poll();
        return slot != null ? slot : newSlot();
    }

    private RequestContext newSlot() {
        if (!ready) {
            throw new LuaError("failed to generate request slot during queue_assign()");
        }
        RequestContext slot = new RequestContext(this, state, targets, objectLimit);
        boolean made = false;
        try {
            Object function = argument == null ? state.call(generator, slot) : state.call(generator, slot, argument);
            if (!(Results.first(function) instanceof LuaFunction serving)) {
                throw new LuaError("function generator didn't return a function");
            }
            slot.function().setFunction(serving);
            slots.made();
            state.functions().add(name, 0, 1);
            made = true;
            return slot;
        } finally {
            if (!made) {
                slot.giveBackChildren();
            }
        }
    }

    @Override
    public void start(Call call) {
        // Making a slot and serving with it are one entry.
        try (LuaState.Count whole = state.lua().count()) {
            serve(call);
        }
    }

    private void serve(Call call) {
        RequestContext slot;
        try {
            slot = take();
        } catch (LuaError e) {
            state.log().error(name, e);
            call.replied(FixedReply.LUA_START_FAILURE);
            return;
        }
        slot.serve(call);
    }

    /** No: the function decides what it sends first and what after a wait. */
    @Override
    public boolean keepsOrder() {
        return false;
    }

    /** Takes back a slot that has nothing more to do. */
    void give(RequestContext slot) {
        if (slots.isTooMany()) {
            slot.discard();
        } else {
            slots.put(slot);
        }
    }

    /** Takes back a slot from one that was made for nothing. */
    void giveBack(RequestContext slot) {
        slots.put(slot);
    }

    /** Notes that a slot has gone. */
    void discarded() {
        slots.gone();
        state.functions().add(name, 0, -1);
    }
}
