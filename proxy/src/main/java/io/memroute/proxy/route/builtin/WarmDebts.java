package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.OwnCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that warm keeps nothing that is out of date. A key of which it failed to take a change is deleted there
 * when it answers again, and until then what it has of it does not count. The requests that the route gets drive this:
 * what a route owes that a reload has replaced is settled by the one in its place. Owned by the worker's thread; the
 * {@link OwedKeys} are those of all workers.
 */
public final class WarmDebts {

    /**
     * Counts keys. What is still owed is the first less the others.
     *
     * @param failed those of which warm failed to take a change, or of which it is not known what cold has
     * @param deleted those deleted in warm since
     * @param lost those of which there may still be what is out of date: too many, or refused
     */
    public record Counters(UserCounter failed, UserCounter deleted, UserCounter lost) {}

    private final Route warm;
    private final OwnRequest.Source requests;
    private final OwedKeys owed;
    private final @Nullable Counters counters;
    private final WorkerContext worker;
    private final FreeList<Change> free = new FreeList<>(Change::new);

    WarmDebts(
            Route warm, OwnRequest.Source requests, OwedKeys owed, @Nullable Counters counters, WorkerContext worker) {
        this.warm = warm;
        this.requests = requests;
        this.owed = owed;
        this.counters = counters;
        this.worker = worker;
    }

    /** Sends a change of warm's item, whose reply nobody waits for. */
    void send(OwnRequest change) {
        Change call = free.take();
        call.ask(change);
        warm.start(call);
    }

    /** Notes a reply of warm to a change. */
    void note(Request change, Reply reply) {
        if (!failed(reply)) {
            return;
        }
        switch (owed.add(OwedKeys.Key.of(change), worker.nanoTime())) {
            case KNOWN -> {}
            case NEW -> countFailed();
            case NO_ROOM -> {
                countFailed();
                giveUp("it remembers " + OwedKeys.MOST_KEYS + " others");
            }
        }
    }

    /** Whether warm may have an item that is out of date, which is to be taken for none. */
    boolean has(Request request) {
        return owed.has(request);
    }

    /** Whether warm or cold has not done what it was asked, or has not said so. */
    static boolean failed(Reply reply) {
        return ReplyClass.of(reply).compareTo(ReplyClass.ERROR) <= 0;
    }

    /** Notes that it will not be known whether something is out of date. */
    void lost() {
        countFailed();
        giveUp("the new side does not say what it has");
    }

    private void countFailed() {
        if (counters != null) {
            counters.failed.increment();
        }
    }

    private void giveUp(String reason) {
        owed.givenUp(reason, worker.nanoTime());
        if (counters != null) {
            counters.lost.increment();
        }
    }

    /** Tries to settle what is owed, if it is time. */
    void settle() {
        if (owed.isEmpty()) {
            return;
        }
        for (OwedKeys.Key key : owed.take(worker.nanoTime())) {
            OwnRequest delete = requests.take();
            ByteBuf line = delete.line()
                    .writeBytes(KeyLine.META_DELETE)
                    .writeBytes(key.bytes().duplicate());
            KeyLine.endMeta(line, key.base64());
            delete.parse();
            Settling call = new Settling(key);
            call.ask(delete);
            warm.start(call);
        }
    }

    /** A change that was sent. */
    private final class Change extends OwnCall {

        @Override
        protected void answered(OwnRequest asked, Reply reply) {
            note(asked.request(), reply);
            free.give(this);
        }
    }

    /** The delete of a key that is owed. */
    private final class Settling extends OwnCall {
        private final OwedKeys.Key key;

        Settling(OwedKeys.Key key) {
            this.key = key;
        }

        @Override
        protected void answered(OwnRequest asked, Reply reply) {
            boolean failed = failed(reply);
            // A server that does not take the command as it is will not do so later either.
            boolean again = failed && reply.type() == ReplyType.SERVER_ERROR;
            if (owed.tried(key, again, worker.nanoTime())) {
                return;
            }
            if (failed) {
                giveUp("the old side refuses to delete it");
            } else if (counters != null) {
                counters.deleted.increment();
            }
        }
    }
}
