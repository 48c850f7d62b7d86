package io.memroute.proxy.client;

import io.memroute.proxy.wire.BufferMemory;

/**
 * The memory that one client occupies: replies it has not read, replies that wait for those before them, values and
 * long lines it is sending, values under way to servers. Owned by the worker's thread.
 *
 * <p>What a client that reads and writes at a usual pace needs for a moment is not counted, only what stays.
 */
final class ClientMemory implements BufferMemory.Holder {

    /** Less than this is not worth looking at: thousands of clients may hold so much. */
    private static final int LEAST_COUNTED_BYTES = 16 << 10;

    /**
     * A reply that a client gets in any case if it is owed none yet; values it may have under way while memory is
     * short.
     */
    private static final int FREE_BYTES = 64 << 10;

    /** Values under way to servers, beyond which nothing more is read from the client. */
    private static final int MOST_VALUE_BYTES = 1 << 20;

    private final ClientConnection client;
    private final BufferMemory memory;

    /** The bytes counted for replies that have not left. */
    private long unread;
    /**
     * The bytes counted for values and lines that have not arrived wholly, or wait for earlier requests to be answered.
     */
    private long unsent;
    /** Beyond what the client has not read, bytes of buffers that it keeps alive. */
    private long excess;
    /** Bytes that have been given to the channel so far. */
    private long written;

    private long heldReplies;
    private long values;
    private boolean watched;

    ClientMemory(ClientConnection client, BufferMemory memory) {
        this.client = client;
        this.memory = memory;
    }

    /** Replies are held, or with a number below 0 no longer, because others have to leave before them. */
    void holdReplies(long bytes) {
        heldReplies += bytes;
        memory.add(bytes);
    }

    /** Values are under way to servers, or with a number below 0 no longer. */
    void holdValues(long bytes) {
        values += bytes;
        memory.add(bytes);
        if (bytes < 0) {
            // Routes may need a value longer than its client waits for the answer.
            client.resumeIfRoom();
        }
    }

    /** Replies have been given to the channel, whose slices keep so many bytes more alive. */
    void wrote(long bytes, long excessBytes) {
        written += bytes;
        excess += excessBytes;
        update();
    }

    /** Counts anew what waits for the client. */
    void update() {
        long queued = client.queuedBytes();
        if (queued == 0) {
            excess = 0;
        }
        long unreadNow = counted(queued + excess);
        long unsentNow = counted(reader().heldBytes());
        long change = unreadNow + unsentNow - unread - unsent;
        unread = unreadNow;
        unsent = unsentNow;
        if (change != 0) {
            memory.add(change);
            if (!watched) {
                watched = true;
                memory.watch(this);
            }
        }
    }

    /** The bytes that a closed channel still holds do not count: some transports release them a little later. */
    private long counted(long bytes) {
        return bytes < LEAST_COUNTED_BYTES || !client.wantsOutput() ? 0 : bytes;
    }

    /** Whether replies are held for the client that others might need memory for. */
    private boolean owedReplies() {
        update();
        return unread + heldReplies > 0;
    }

    /** Whether the client has to wait: it has much under way, or memory is short and it holds some of it. */
    boolean enough() {
        return values > MOST_VALUE_BYTES || memory.tight() && (values > FREE_BYTES || owedReplies());
    }

    /** Whether there is room for a reply of that length of which nothing has been given to the client. */
    boolean admitsReply(long bytes) {
        if (owedReplies()) {
            return memory.admits(bytes, true);
        }
        // A reply that is longer than the free memory is passed on as it arrives, to a client that reads.
        return bytes <= FREE_BYTES || !memory.tight() || memory.admits(bytes, false);
    }

    /** Whether there is room for the next part of a reply that the client has got the beginning of. */
    boolean admitsPart(int bytes) {
        return client.unsentBytes() == 0 || memory.admits(bytes, false);
    }

    /** Whether there is room for a value of that length that the client is about to send, or is sending. */
    boolean admitsValue(long bytes) {
        return memory.admits(bytes, client.unsentBytes() > 0);
    }

    // ---- as a holder ----

    @Override
    public long recount() {
        update();
        client.resumeIfRoom();
        watched = unread + unsent > 0;
        return unread + unsent;
    }

    @Override
    public long progress() {
        return written - client.unsentBytes() + reader().arrivedBytes();
    }

    @Override
    public boolean waitsForPeer() {
        return client.wantsOutput() && (client.unsentBytes() > 0 || awaitsRest());
    }

    /** Whether the client has begun a request and not ended it. */
    private boolean awaitsRest() {
        return reader().isUploading() || reader().holdsInput() && !client.isPaused();
    }

    private RequestReader reader() {
        return client.reader();
    }

    @Override
    public void giveUp() {
        if (reader().isUploading()) {
            reader().refuseUpload();
        }
        if (waitsForPeer()) {
            client.closeForMemory();
        }
        update();
    }
}
