package io.memroute.transport;

import java.util.Arrays;

/**
 * The buffers that one call of the kernel sends. Used by the ring's owner.
 *
 * <p>A flush only notes the channel. Before the kernel is called, each noted channel gets one send of all that it has
 * flushed. Such a send never waits and is silent if all its bytes were taken; otherwise a completion tells how many
 * were, and that completion is there when the call returns. So after each call everything about its sends is known, and
 * the kernel never holds a buffer in between: no buffer can be freed or reused under a send.
 */
final class SendBatch {

    private static final int FIRST_CAPACITY = 64;

    private SendSide[] flushed = new SendSide[FIRST_CAPACITY];
    private int flushedCount;
    private SendSide[] sent = new SendSide[FIRST_CAPACITY];
    private int sentCount;

    /** Notes that a channel has something to send. */
    void add(SendSide sending) {
        if (flushedCount == flushed.length) {
            flushed = Arrays.copyOf(flushed, 2 * flushedCount);
        }
        flushed[flushedCount++] = sending;
    }

    /**
     * Adds a send for each channel noted. Runs nothing of the channels' users.
     *
     * @return whether all can wait for {@link #conclude} until something else happens
     */
    @SuppressWarnings("NullAway") // empty places hold null
    boolean submit() {
        boolean canWait = true;
        for (int i = 0; i < flushedCount; i++) {
            SendSide sending = flushed[i];
            flushed[i] = null;
            if (sending.submit()) {
                if (sentCount == sent.length) {
                    sent = Arrays.copyOf(sent, 2 * sentCount);
                }
                sent[sentCount++] = sending;
                canWait &= !sending.isUrgent();
            }
        }
        flushedCount = 0;
        return canWait;
    }

    /** Tells each channel how its send went, after the kernel has been called. May run anything. */
    @SuppressWarnings("NullAway") // empty places hold null
    void conclude() {
        for (int i = 0; i < sentCount; i++) {
            SendSide sending = sent[i];
            sent[i] = null;
            sending.conclude();
        }
        sentCount = 0;
    }
}
