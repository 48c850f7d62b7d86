package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.OwnRequest;
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
 * While proxies may disagree on where a key is, what is set on one side is deleted on the other first: else what one
 * proxy has stored there would come back when another one's clock goes on.
 *
 * @see "mcrouter wiki, List of Route Handles, MigrateRoute"
 */
public final class MigrateRoute implements Route {

    /**
     * The greatest difference between the clocks of proxies: for so long before and after the window deletes go to both
     * sides, and what is set is deleted on the other side for so long before and after the key's moment.
     */
    private static final long CLOCKS_APART_MILLIS = 60_000;

    /** Keeps the moments of keys apart from samples of keys. */
    private static final long SALT = 0x5851_F42D_4C95_7F2DL;

    private final Route from;
    private final Route to;
    private final FanOuts deletes;
    private final IgnoredCalls ignored;
    private final OwnRequest.Source requests;
    private final long startMillis;
    private final long windowMillis;
    private final InstantSource clock;

    public MigrateRoute(
            Route from,
            Route to,
            Instant start,
            Duration window,
            InstantSource clock,
            IgnoredCalls ignored,
            OwnRequest.Source requests,
            WorkerContext worker) {
        this.from = from;
        this.to = to;
        this.deletes = new FanOuts(new Route[] {from, to}, new EitherDeletedRule(), EitherDeletedRule.TALLY, worker);
        this.ignored = ignored;
        this.requests = requests;
        this.startMillis = start.toEpochMilli();
        this.windowMillis = window.toMillis();
        this.clock = clock;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        long millis = clock.millis() - startMillis;
        if (millis < -CLOCKS_APART_MILLIS || millis >= windowMillis + CLOCKS_APART_MILLIS) {
            (millis < 0 ? from : to).start(call);
            return;
        }
        Command command = request.command();
        if (command == Command.DELETE || command == Command.MD) {
            deletes.start(call);
            return;
        }
        double moment = momentMillis(request, windowMillis);
        boolean moved = moment <= millis;
        if (isNear(moment, millis) && WarmCommands.setsUnconditionally(request)) {
            delete(request, moved ? from : to);
        }
        (moved ? to : from).start(call);
    }

    /** Servers from before the meta commands have no keys in base64, and no {@code md}. */
    private void delete(Request request, Route there) {
        OwnRequest own = requests.take();
        byte[] command = request.base64Key() ? KeyLine.META_DELETE : KeyLine.DELETE;
        KeyLine.endMeta(KeyLine.begin(own.line(), command, request), request);
        own.parse();
        ignored.send(own, there);
        own.release();
    }

    /** Returns when a request's key moves, in milliseconds since the beginning of the window. */
    public static double momentMillis(Request request, long windowMillis) {
        long hash = KeyFraction.hash(request.buffer(), request.keyIndex(), request.keyLength());
        return KeyFraction.ofHash(WeightedChoice.mix(hash ^ SALT)) * windowMillis;
    }

    /** Whether another proxy may find that a key is on the other side. Both times as {@link #momentMillis}. */
    private static boolean isNear(double moment, long millis) {
        return moment > millis - CLOCKS_APART_MILLIS && moment <= millis + CLOCKS_APART_MILLIS;
    }
}
