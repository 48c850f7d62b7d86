package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.backend.BackendCounters.Count;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.KeyHash;
import java.util.HashMap;
import java.util.Map;

/**
 * Asks again for gets whose command line was spoilt by another get on it, or whose connection was. Owned by the
 * worker's thread.
 *
 * <p>A get whose client has meanwhile sent a command that changes the item would now be told what came after it. Such a
 * get fails.
 */
final class GetsAgain {

    private final PendingCalls pending;
    private final UnsharedGets unshared;
    private final BackendCounters counters;
    private final KeyHash keyHash = new KeyHash();

    /** The number of replies that had been expected with the last get asked again. */
    private long lastAgain;
    /** The number of replies that had come before the first of the gets asked again that are not answered yet. */
    private long cameBefore;

    /** @param counters counts the requests that get no reply */
    GetsAgain(PendingCalls pending, UnsharedGets unshared, BackendCounters counters) {
        this.pending = pending;
        this.unshared = unshared;
        this.counters = counters;
    }

    /**
     * Asks again for a get whose place has been removed.
     *
     * @param from the first of the requests sent behind its command line, as a distance from the oldest place
     * @param to behind the last of those that were sent before any get was asked again
     */
    void ask(Call get, int from, int to) {
        if (isOvertaken(get, from, to)) {
            fail(get, FixedReply.BACKEND_FAILURE);
        } else {
            sendApart(get);
        }
    }

    private void sendApart(Call get) {
        long before = pending.removed() - 1;
        cameBefore = pending.removed() < lastAgain ? Math.min(cameBefore, before) : before;
        unshared.sendApart(get);
        lastAgain = pending.added();
    }

    /** The number of replies that have come, without those behind a get that is asked for again. */
    long answeredInOrder() {
        long removed = pending.removed();
        return removed < lastAgain ? cameBefore : removed;
    }

    /**
     * Ends the oldest places, whose connection is lost: their calls fail, or, if they are gets, may be asked again.
     *
     * @param count the places that are ended; those of calls that are sent meanwhile follow
     * @param getsAgain whether gets are asked again
     * @param outcome the answer to calls that fail
     */
    void end(int count, boolean getsAgain, Reply outcome) {
        Map<ClientsItem, Integer> lastChanges = getsAgain ? lastChanges(count) : Map.of();
        for (int place = 0; place < count; place++) {
            boolean again = getsAgain && pending.isKey(0);
            Call call = pending.remove();
            if (call != null && again && lastChanges.getOrDefault(item(call), -1) < place) {
                sendApart(call);
            } else if (call != null) {
                fail(call, outcome);
            }
        }
    }

    /**
     * The last place that changes an item for a client, of the oldest places. Gets do not count: they will be asked
     * again, too, and so keep their order. Tens of thousands may be outstanding, so no get looks for itself.
     */
    private Map<ClientsItem, Integer> lastChanges(int count) {
        Map<ClientsItem, Integer> lastChanges = new HashMap<>();
        for (int place = 0; place < count; place++) {
            Call call = pending.call(place);
            if (call != null && !pending.isKey(place) && call.request().changesItem()) {
                lastChanges.put(item(call), place);
            }
        }
        return lastChanges;
    }

    private ClientsItem item(Call call) {
        return new ClientsItem(call.clientDescriptor(), keyHash.of(call.request()));
    }

    /** An item, as one client asks for it. */
    private record ClientsItem(int client, long keyHash) {}

    private void fail(Call call, Reply outcome) {
        counters.increment(Count.UNANSWERED);
        call.replied(outcome);
    }

    private boolean isOvertaken(Call get, int from, int to) {
        Request request = get.request();
        int client = get.clientDescriptor();
        for (int place = from; place < to; place++) {
            Call later = pending.call(place);
            if (later != null
                    && later.request().changesItem()
                    && later.clientDescriptor() == client
                    && keyHash.of(later.request()) == keyHash.of(request)) {
                return true;
            }
        }
        return false;
    }
}
