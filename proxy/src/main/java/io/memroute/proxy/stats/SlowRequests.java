package io.memroute.proxy.stats;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The slowest requests of one worker's clients within the last minute or two, from when their last byte was read until
 * their reply was there. Written by the worker's thread, read by any.
 *
 * <p>A request that is not among the slowest costs two comparisons. One that is gets copied, without an allocation;
 * that happens some hundred times a minute at most, as the bar rises with each. The worker never waits for a reader: a
 * request that ends while somebody reads is left out.
 */
public final class SlowRequests {

    /** A screen of them, of all workers. */
    private static final int KEPT = 10;

    /** The length of a window; requests that ended before the last two are forgotten. */
    private static final long WINDOW_NANOS = 60_000_000_000L;

    /** The time that is not worth a look: a server on another machine that is well takes less. */
    private static final long LEAST_NANOS = 1_000_000;

    /**
     * A slow request.
     *
     * @param endedNanos when its reply was there, on the worker's clock
     */
    public record Slow(Command command, byte[] key, ReplyKind result, long tookNanos, long endedNanos) {}

    private static final class Place {
        private final byte[] key = new byte[Request.MAX_KEY_LENGTH];
        private int keyLength;
        private Command command = Command.GET;
        private ReplyKind result = ReplyKind.OK;
        private long tookNanos;
        private long endedNanos;

        private Slow copy() {
            byte[] copied = new byte[keyLength];
            System.arraycopy(key, 0, copied, 0, keyLength);
            return new Slow(command, copied, result, tookNanos, endedNanos);
        }
    }

    /** Whether somebody reads or writes the places. */
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Made with the first slow request. */
    private Place[] places = {};

    private Place[] earlier = {};
    private int used;
    private int usedEarlier;

    private long windowEndNanos = Long.MIN_VALUE;
    /** The time that a request must have taken to be among the slowest. */
    private long barNanos = LEAST_NANOS;

    private static Place[] places() {
        Place[] places = new Place[KEPT];
        for (int i = 0; i < KEPT; i++) {
            places[i] = new Place();
        }
        return places;
    }

    /** Whether a request whose reply is there would be noted. The worker's thread. */
    public boolean wants(long arrivedNanos, long nowNanos) {
        return nowNanos - arrivedNanos >= barNanos || nowNanos >= windowEndNanos;
    }

    /** Notes that a reply to a request is there. The worker's thread. */
    public void ended(Request request, ReplyKind result, long arrivedNanos, long nowNanos) {
        long took = nowNanos - arrivedNanos;
        if (!wants(arrivedNanos, nowNanos)) {
            return;
        }
        if (busy.compareAndSet(false, true)) {
            if (nowNanos >= windowEndNanos) {
                beginWindow(nowNanos);
            }
            if (took >= barNanos) {
                take(request, result, took, nowNanos);
            }
            busy.set(false);
        }
    }

    private void beginWindow(long nowNanos) {
        Place[] free = earlier;
        earlier = places;
        usedEarlier = used;
        places = free;
        used = 0;
        barNanos = LEAST_NANOS;
        windowEndNanos = nowNanos + WINDOW_NANOS;
    }

    private void take(Request request, ReplyKind result, long tookNanos, long nowNanos) {
        if (places.length == 0) {
            places = places();
        }
        Place place = used < KEPT ? places[used++] : fastest();
        ByteBuf buffer = request.buffer();
        place.keyLength = Math.min(request.keyLength(), place.key.length);
        buffer.getBytes(request.keyIndex(), place.key, 0, place.keyLength);
        place.command = request.command();
        place.result = result;
        place.tookNanos = tookNanos;
        place.endedNanos = nowNanos;
        if (used == KEPT) {
            barNanos = fastest().tookNanos + 1;
        }
    }

    private Place fastest() {
        Place fastest = places[0];
        for (Place place : places) {
            if (place.tookNanos < fastest.tookNanos) {
                fastest = place;
            }
        }
        return fastest;
    }

    /** The slowest requests of the last two windows, in no order. Any thread but the worker's. */
    public List<Slow> read(long nowNanos) {
        while (!busy.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
        try {
            List<Slow> slow = new ArrayList<>();
            for (int i = 0; i < used; i++) {
                slow.add(places[i].copy());
            }
            for (int i = 0; i < usedEarlier; i++) {
                slow.add(earlier[i].copy());
            }
            slow.removeIf(each -> nowNanos - each.endedNanos() > 2 * WINDOW_NANOS);
            return slow;
        } finally {
            busy.set(false);
        }
    }
}
