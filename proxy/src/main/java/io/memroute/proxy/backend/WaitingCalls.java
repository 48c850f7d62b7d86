package io.memroute.proxy.backend;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.fairness.Tenant;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Calls that one connection to a server does not send yet, so that the queue at the server is short: those of tenants
 * with much under way, while others ask for little. They leave in turns, one of each tenant, and those of one tenant in
 * the order in which they came. Owned by the worker's thread.
 */
final class WaitingCalls {

    private final ArrayDeque<ArrayDeque<Call>> turns = new ArrayDeque<>();
    private final Map<Tenant, ArrayDeque<Call>> queues = new IdentityHashMap<>();
    /** Empty queues, to be used again. */
    private final ArrayDeque<ArrayDeque<Call>> unused = new ArrayDeque<>();

    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Whether calls of the tenant wait, which another must not overtake. */
    boolean has(Tenant tenant) {
        return size > 0 && queues.containsKey(tenant);
    }

    void add(Call call) {
        Tenant tenant = call.holder().tenant();
        ArrayDeque<Call> queue = queues.get(tenant);
        if (queue == null) {
            queue = unused.isEmpty() ? new ArrayDeque<>() : unused.remove();
            queues.put(tenant, queue);
            turns.add(queue);
        }
        queue.add(call);
        size++;
    }

    /** Removes the call whose turn it is; there must be one. */
    Call remove() {
        ArrayDeque<Call> queue = turns.remove();
        Call call = queue.remove();
        if (queue.isEmpty()) {
            queues.remove(call.holder().tenant());
            unused.add(queue);
        } else {
            turns.add(queue);
        }
        size--;
        return call;
    }
}
