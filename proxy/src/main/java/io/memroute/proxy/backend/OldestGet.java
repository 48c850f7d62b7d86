package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.stats.ReplyKind;
import org.jspecify.annotations.Nullable;

/**
 * The classic get at the front of the {@link PendingCalls}, whose values are matched to its keys. Owned by the worker's
 * thread.
 *
 * <p>Calls may send requests, or lose the connection, while they are told their reply. So each loop that answers
 * several calls ends when the {@linkplain PendingCalls#epoch() epoch} does.
 */
final class OldestGet {

    private final PendingCalls pending;
    private final GetMerging merging;
    private final GetsAgain again;
    private final BackendCounters counters;

    /** The place among its keys where the next value is expected. */
    private int nextKey;
    /** The number of its keys that have been answered. */
    private int answeredKeys;
    /** The place of a repeated key that has been answered where it stands first; 0 if none is known. */
    private int repeatedKey;

    /** @param counters counts the keys that no value answers */
    OldestGet(PendingCalls pending, GetMerging merging, GetsAgain again, BackendCounters counters) {
        this.pending = pending;
        this.merging = merging;
        this.again = again;
        this.counters = counters;
    }

    /** Forgets what is known of the get: another one is the oldest now, or none. */
    void forget() {
        nextKey = 0;
        answeredKeys = 0;
        repeatedKey = 0;
    }

    /** The number of keys that have been answered. */
    int answeredKeys() {
        return answeredKeys;
    }

    /** The number of keys. */
    int length() {
        int length = 0;
        while (pending.kind(length) == PendingCalls.KEY) {
            length++;
        }
        return length + 1;
    }

    /** Whether an unanswered key is that of the value. */
    boolean asksFor(Reply value) {
        return placeOfKey(0, value) >= 0;
    }

    /** Whether another get directly follows it, and an unanswered key of that is the value's. */
    boolean nextAsksFor(Reply value) {
        int length = length();
        return pending.isKey(length) && placeOfKey(length, value) >= 0;
    }

    /** Whether the value must not come: all keys have been answered, rather than none being the value's. */
    boolean isAnswered() {
        return answeredKeys == length();
    }

    /**
     * Takes the call whose key the value has, if there is one. Usually it is the next one; the keys passed over may be
     * misses. At a server that may answer a repeated key once, it is the first with that key.
     */
    @Nullable
    Call take(Reply value) {
        boolean fromNext = nextKey > 0 && !mayPassOverRepeats() && pending.kind(nextKey - 1) != PendingCalls.LAST_KEY;
        int place = placeOfKey(fromNext ? nextKey : 0, value);
        if (place < 0 && fromNext) {
            place = placeOfKey(0, value);
        }
        if (place < 0) {
            return null;
        }
        nextKey = place + 1;
        answeredKeys++;
        if (pending.repeats() > 0 && merging.repeatedKeys() == GetMerging.RepeatedKeys.UNKNOWN) {
            noteRepeatedKey(place, value);
        }
        return pending.take(place);
    }

    /** Whether the server may answer a key once that the line repeats. */
    private boolean mayPassOverRepeats() {
        return pending.repeats() > 0 && merging.repeatedKeys() != GetMerging.RepeatedKeys.ANSWERED;
    }

    /** Finds out, from the first key that a line repeats, whether the server answers it again. */
    private void noteRepeatedKey(int answered, Reply value) {
        if (repeatedKey > 0) {
            if (answered == repeatedKey) {
                merging.learn(GetMerging.RepeatedKeys.ANSWERED);
            }
            return;
        }
        for (int place = answered + 1; pending.kind(place - 1) == PendingCalls.KEY; place++) {
            if (pending.repeated(place) && hasKeyOf(pending.call(place), value)) {
                repeatedKey = place;
                return;
            }
        }
    }

    /** Ends with {@code END}: the keys not answered are misses. */
    void end() {
        if (pending.kind(0) == PendingCalls.KEY) {
            merging.answered();
        }
        if (repeatedKey > 0 && pending.call(repeatedKey) != null) {
            merging.learn(GetMerging.RepeatedKeys.ANSWERED_ONCE);
        }
        if (pending.repeats() > 0 && merging.repeatedKeys() == GetMerging.RepeatedKeys.ANSWERED_ONCE) {
            endWithoutRepeatedKeys();
        } else {
            endWith(FixedReply.END);
        }
    }

    /** Ends: every key not answered has this reply. */
    void endWith(Reply rest) {
        int began = pending.epoch();
        ReplyKind counted = rest.type() == ReplyType.END ? ReplyKind.MISS : ReplyKind.ERROR;
        forget();
        byte kind;
        do {
            kind = pending.kind(0);
            Call call = pending.remove();
            if (call != null) {
                counters.replied(counted);
                call.replied(rest);
            }
        } while (kind != PendingCalls.LAST_KEY && began == pending.epoch());
    }

    /** Ends at a server that answers a repeated key once: a repeated key that it has passed over need be no miss. */
    private void endWithoutRepeatedKeys() {
        int began = pending.epoch();
        int behind = pending.size() - length();
        forget();
        for (int left = length(); left > 0 && began == pending.epoch(); left--) {
            boolean repeated = pending.repeated(0);
            Call call = pending.remove();
            if (call != null && repeated) {
                again.ask(call, left - 1, left - 1 + behind);
            } else if (call != null) {
                counters.replied(ReplyKind.MISS);
                call.replied(FixedReply.END);
            }
        }
    }

    /** Ends: every key not answered is asked for again, on a line of its own. */
    void askApart() {
        int began = pending.epoch();
        int behind = pending.size() - length();
        forget();
        for (int left = length(); left > 0 && began == pending.epoch(); left--) {
            Call call = pending.remove();
            if (call != null) {
                again.ask(call, left - 1, left - 1 + behind);
            }
        }
    }

    /** The place of the unanswered call with the value's key in the get that {@code from} is a place of; -1 if none. */
    private int placeOfKey(int from, Reply value) {
        for (int place = from; pending.isKey(place); place++) {
            if (hasKeyOf(pending.call(place), value)) {
                return place;
            }
            if (pending.kind(place) == PendingCalls.LAST_KEY) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean hasKeyOf(@Nullable Call call, Reply value) {
        if (call == null) {
            return false;
        }
        Request request = call.request();
        return value.isValueOf(request.buffer(), request.keyIndex(), request.keyLength());
    }
}
