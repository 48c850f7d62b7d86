package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.hash.KeyFraction;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.choice.WeightedChoice;
import io.memroute.proxy.route.fanout.EitherDeletedRule;
import io.memroute.proxy.route.fanout.FanOuts;
import io.memroute.proxy.worker.WorkerContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Moves each key from one child to another at its own moment within a window of time. The moment depends on the key
 * alone, so all proxies agree on it as far as their clocks do. While keys may be on either side, deletes go to both.
 *
 * @see "mcrouter wiki, List of Route Handles, MigrateRoute"
 */
public final class MigrateRoute implements Route {

    /**
     * The greatest difference between the clocks of proxies: deletes go to both sides for so long before and after the
     * window.
     */
    private static final long CLOCKS_APART_MILLIS = 60_000;

    /** Keeps the moments of keys apart from samples of keys. */
    private static final long SALT = 0x5851_F42D_4C95_7F2DL;

    private final Route from;
    private final Route to;
    private final FanOuts deletes;
    private final long startMillis;
    private final long windowMillis;
    private final InstantSource clock;

    public MigrateRoute(
            Route from, Route to, Instant start, Duration window, InstantSource clock, WorkerContext worker) {
        this.from = from;
        this.to = to;
        this.deletes = new FanOuts(new Route[] {from, to}, new EitherDeletedRule(), EitherDeletedRule.TALLY, worker);
        this.startMillis = start.toEpochMilli();
        this.windowMillis = window.toMillis();
        this.clock = clock;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        long millis = clock.millis() - startMillis;
        Command command = request.command();
        boolean deletes = command == Command.DELETE || command == Command.MD;
        if (deletes && millis >= -CLOCKS_APART_MILLIS && millis < windowMillis + CLOCKS_APART_MILLIS) {
            this.deletes.start(call);
        } else if (isMoved(request, millis, windowMillis)) {
            to.start(call);
        } else {
            from.start(call);
        }
    }

    /**
     * Whether a request's key has moved.
     *
     * @param millis since the beginning of the window, negative before
     */
    public static boolean isMoved(Request request, long millis, long windowMillis) {
        if (millis < 0 || millis >= windowMillis) {
            return millis >= 0;
        }
        long hash = KeyFraction.hash(request.buffer(), request.keyIndex(), request.keyLength());
        return KeyFraction.ofHash(WeightedChoice.mix(hash ^ SALT)) * windowMillis <= millis;
    }
}
