package io.memroute.proxy.backend;

/**
 * The calls outstanding on one backend connection, oldest first, each with what its reply looks like. A ring that
 * grows; owned by the worker's thread.
 */
final class PendingCalls {

    /** One line answers it, with a value behind it if the line says so. */
    static final byte LINE = 0;
    /** A key of a classic get with more keys behind it in the same command line. */
    static final byte KEY = 1;
    /** The only or last key of a classic get: {@code END} follows. */
    static final byte LAST_KEY = 2;

    private Call[] calls = new Call[64];
    private byte[] kinds = new byte[64];
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Call call, byte kind) {
        if (size == calls.length) {
            grow();
        }
        int at = slot(size);
        calls[at] = call;
        kinds[at] = kind;
        size++;
    }

    /** The call {@code distance} behind the oldest. */
    Call call(int distance) {
        return calls[slot(distance)];
    }

    byte kind(int distance) {
        return kinds[slot(distance)];
    }

    /** What was the last key of a command line is so no more. */
    void continueLastKey() {
        kinds[slot(size - 1)] = KEY;
    }

    Call remove() {
        Call call = calls[head];
        calls[head] = null;
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
