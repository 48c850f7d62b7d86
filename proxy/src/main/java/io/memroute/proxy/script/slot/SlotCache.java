package io.memroute.proxy.script.slot;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The free slots of one function generator, the last one used on top, and the decision when one that comes back is to
 * go: when most have been free for long. Owned by the worker's thread.
 *
 * @see "docs/reference/proxy-api.md section 1.8, Early release of slots"
 */
final class SlotCache<S> {

    /**
     * The rule by which slots go.
     *
     * @param returns how many more slots must have come back while most were free than while most were busy
     * @param between how many of these a slot that goes takes off
     * @param waitNanos how long most must have been free after that
     */
    record Rule(int returns, int between, long waitNanos) {
        static final Rule USUAL = new Rule(5000, 200, TimeUnit.SECONDS.toNanos(60));
    }

    private final Rule rule;
    private final LongSupplier nanoClock;
    private final ArrayDeque<S> free = new ArrayDeque<>();
    /** All slots there are, those that belong to slots of other generators included. */
    private int total;

    private int pressure;
    private boolean waiting;
    private long waitEndNanos;

    SlotCache(Rule rule, LongSupplier nanoClock) {
        this.rule = rule;
        this.nanoClock = nanoClock;
    }

    /** Takes a free slot, if there is one. Else one has to be made, and none is let go for a while. */
    @Nullable
    S poll() {
        S slot = free.poll();
        if (slot == null) {
            pressure = 0;
            waiting = false;
        }
        return slot;
    }

    /** Notes that a slot has been made and is in use. */
    void made() {
        total++;
    }

    /** Notes that a slot that was in use has gone. */
    void gone() {
        total--;
    }

    int total() {
        return total;
    }

    /** Takes back a slot that was in use. */
    void put(S slot) {
        free.push(slot);
    }

    /** Whether a slot that comes back should go. */
    boolean isTooMany() {
        if (free.size() <= total / 2 - 1) {
            pressure >>= 1;
            waiting = false;
            return false;
        }
        if (pressure++ <= rule.returns()) {
            return false;
        }
        pressure -= rule.between();
        long now = nanoClock.getAsLong();
        if (!waiting) {
            waiting = true;
            waitEndNanos = now + rule.waitNanos();
        }
        // Of one slot none is free when it comes back; the last one is never let go.
        return total > 1 && now - waitEndNanos >= 0;
    }
}
