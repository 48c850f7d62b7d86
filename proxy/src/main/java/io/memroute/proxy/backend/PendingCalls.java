package io.memroute.proxy.backend;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.wire.Ring;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * The calls outstanding on one backend connection, oldest first, each with the form of its reply. Owned by the worker's
 * thread.
 *
 * <p>The keys of one get stay together until the get has ended: a key that is answered leaves an empty place.
 */
final class PendingCalls {

    /** One line answers it, with a value behind it if the line says so. */
    static final byte LINE = 0;
    /** A key of a classic get with more keys behind it in the same command line. */
    static final byte KEY = 1;
    /** The only or last key of a classic get: {@code END} follows. */
    static final byte LAST_KEY = 2;
    /** A {@code version} of the proxy's own, which shows that the connection is in step. It has no call. */
    static final byte MARK = 3;
    /** Kind of a place that is not there. */
    static final byte NONE = 4;

    /** Marks a key that stands in the same command line before. */
    private static final byte REPEATED = 8;

    /** A power of two: requests that a connection usually has outstanding. */
    private static final int FIRST_LENGTH = 64;

    private final Ring ring = new Ring(FIRST_LENGTH);
    private @Nullable Call[] calls = new Call[FIRST_LENGTH];
    private byte[] kinds = new byte[FIRST_LENGTH];
    private long added;
    /** The number of calls that have ever been added and written. */
    private long written;

    private int marks;
    private int repeats;
    private int epoch;

    /** Places in use. */
    int size() {
        return ring.size();
    }

    boolean isEmpty() {
        return ring.isEmpty();
    }

    /** The number of calls that have ever been added. */
    long added() {
        return added;
    }

    /** The number of calls that have ever been removed. */
    long removed() {
        return added - ring.size();
    }

    /** Notes that the requests of all calls there are have been written. */
    void noteWritten() {
        written = added;
    }

    /** Whether the request of the oldest call has been written, so that its reply may come. */
    boolean isDue() {
        return removed() < written;
    }

    /** The number of marks among them. */
    int marks() {
        return marks;
    }

    /** Grows when the connection is lost: who is at work on what was outstanding then has to stop. */
    int epoch() {
        return epoch;
    }

    /** Notes that the connection is lost. */
    void beginEpoch() {
        epoch++;
    }

    /** Adds the call of a request whose place is known. */
    void add(Call call, RequestBatch.Place place) {
        if (place != RequestBatch.Place.OWN_LINE) {
            continueLastKey();
        }
        add(call, call.request().command().isClassicGet() ? LAST_KEY : LINE);
        if (place == RequestBatch.Place.JOINED_REPEATED) {
            markIfRepeated();
        }
    }

    /** Adds a {@code version} of the proxy's own. */
    void addMark() {
        marks++;
        add(null, MARK);
    }

    private void add(@Nullable Call call, byte kind) {
        if (ring.isFull()) {
            calls = ring.copy(calls, new Call[calls.length << 1]);
            kinds = ring.copy(kinds, new byte[kinds.length << 1]);
            ring.grown();
        }
        int at = ring.add();
        calls[at] = call;
        kinds[at] = kind;
        added++;
    }

    /** The call {@code distance} behind the oldest, unless it has been taken, or is a mark. */
    @Nullable
    Call call(int distance) {
        return calls[ring.slot(distance)];
    }

    /** The oldest call, where it has not been taken and is no mark. */
    Call oldest() {
        return present(0);
    }

    @SuppressWarnings("NullAway") // asked for places whose kind says that there is a call
    private Call present(int distance) {
        return calls[ring.slot(distance)];
    }

    /** The kind of the oldest place; {@link #NONE} if its request has not been written. */
    byte dueKind() {
        return isDue() ? kind(0) : NONE;
    }

    /** The kind of the place {@code distance} behind the oldest. */
    byte kind(int distance) {
        return distance < ring.size() ? (byte) (kinds[ring.slot(distance)] & ~REPEATED) : NONE;
    }

    /** Whether a key of a classic get is there. */
    boolean isKey(int distance) {
        byte kind = kind(distance);
        return kind == KEY || kind == LAST_KEY;
    }

    /** The number of keys that stand in the same command line before. */
    int repeats() {
        return repeats;
    }

    /** Whether the key there stands in the same command line before. */
    boolean repeated(int distance) {
        return (kinds[ring.slot(distance)] & REPEATED) != 0;
    }

    /** Marks the newest key if it stands in its command line before. */
    private void markIfRepeated() {
        Request newest = present(ring.size() - 1).request();
        for (int place = ring.size() - 2; place >= 0 && kind(place) == KEY; place--) {
            if (sameKey(present(place).request(), newest)) {
                repeats++;
                kinds[ring.slot(ring.size() - 1)] |= REPEATED;
                return;
            }
        }
    }

    private static boolean sameKey(Request a, Request b) {
        return a.keyLength() == b.keyLength()
                && ByteBufUtil.equals(a.buffer(), a.keyIndex(), b.buffer(), b.keyIndex(), b.keyLength());
    }

    /** Continues the command line: its last key is no longer the last. */
    private void continueLastKey() {
        int last = ring.slot(ring.size() - 1);
        kinds[last] = (byte) (kinds[last] & REPEATED | KEY);
    }

    /** Takes a call out and leaves its place empty. */
    @Nullable
    Call take(int distance) {
        int at = ring.slot(distance);
        Call call = calls[at];
        calls[at] = null;
        return call;
    }

    /** Removes the oldest place. Returns its call, unless it has been taken, or is a mark. */
    @Nullable
    Call remove() {
        int at = ring.slot(0);
        Call call = calls[at];
        calls[at] = null;
        if (kinds[at] == MARK) {
            marks--;
        } else if ((kinds[at] & REPEATED) != 0) {
            repeats--;
        }
        ring.remove();
        return call;
    }
}
