package io.memroute.proxy.backend;

import io.memroute.proxy.call.Call;

/**
 * The calls outstanding on one backend connection, oldest first, each with what its reply looks like. A ring that
 * grows; owned by the worker's thread.
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
    /** There is no such place. */
    static final byte NONE = 4;

    /** Marks a key that stands in the same command line before. */
    private static final byte REPEATED = 8;

    private Call[] calls = new Call[64];
    private byte[] kinds = new byte[64];
    private int head;
    private int size;
    private long added;
    private int repeats;

    /** Places in use. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** How many have ever been added. */
    long added() {
        return added;
    }

    /** How many have ever been removed. */
    long removed() {
        return added - size;
    }

    void add(Call call, byte kind) {
        if (size == calls.length) {
            grow();
        }
        int at = slot(size);
        calls[at] = call;
        kinds[at] = kind;
        size++;
        added++;
    }

    /** The call {@code distance} behind the oldest; null if it has been taken, or is a mark. */
    Call call(int distance) {
        return calls[slot(distance)];
    }

    /** What is {@code distance} behind the oldest. */
    byte kind(int distance) {
        return distance < size ? (byte) (kinds[slot(distance)] & ~REPEATED) : NONE;
    }

    /** How many keys stand in the same command line before. */
    int repeats() {
        return repeats;
    }

    /** Whether the key there stands in the same command line before. */
    boolean repeated(int distance) {
        return (kinds[slot(distance)] & REPEATED) != 0;
    }

    /** Notes that the newest key stands in the same command line before. */
    void markRepeated() {
        repeats++;
        kinds[slot(size - 1)] |= REPEATED;
    }

    /** Makes what was the last key of a command line one with more keys behind it. */
    void continueLastKey() {
        int last = slot(size - 1);
        kinds[last] = (byte) (kinds[last] & REPEATED | KEY);
    }

    /** Takes a call out and leaves its place empty. */
    Call take(int distance) {
        int at = slot(distance);
        Call call = calls[at];
        calls[at] = null;
        return call;
    }

    /** Removes the oldest; null if it has been taken, or is a mark. */
    Call remove() {
        Call call = calls[head];
        calls[head] = null;
        if ((kinds[head] & REPEATED) != 0) {
            repeats--;
        }
        head = slot(1);
        size--;
        return call;
    }

    private int slot(int distance) {
        return head + distance & calls.length - 1;
    }

    private void grow() {
        Call[] moreCalls = new Call[calls.length << 1];
        byte[] moreKinds = new byte[kinds.length << 1];
        for (int i = 0; i < size; i++) {
            moreCalls[i] = calls[slot(i)];
            moreKinds[i] = kinds[slot(i)];
        }
        calls = moreCalls;
        kinds = moreKinds;
        head = 0;
    }
}
