package io.memroute.proxy.wire;

import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one worker that have something to write: each writes once, at the end of the loop iteration in
 * which it was first given bytes. It also knows the time of the iteration. Owned by the worker's thread.
 *
 * <p>Backends come before clients, since another machine waits for their bytes. A write may fail at once, or end a
 * pause, and so give other connections something to write; they are served in the same pass.
 */
public final class FlushQueue implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(FlushQueue.class);

    /** A connection that collects what it has to write. */
    public interface Flushable {
        /** Writes everything collected; called once for each time the connection was added. */
        void flushOutput();
    }

    private static final class Line {
        private Flushable[] members = new Flushable[64];
        private int count;

        void add(Flushable member) {
            if (count == members.length) {
                members = Arrays.copyOf(members, count << 1);
            }
            members[count++] = member;
        }

        @SuppressWarnings("NullAway") // empty places hold null
        void flush() {
            for (int i = 0; i < count; i++) {
                Flushable member = members[i];
                members[i] = null;
                try {
                    member.flushOutput();
                } catch (RuntimeException e) {
                    // A failure of one connection must not keep the others from writing, now or ever after.
                    LOG.error("writing to a connection failed", e);
                }
            }
            count = 0;
        }
    }

    private final Executor endOfPass;
    private final LongSupplier clock;
    private final Line backends = new Line();
    private final Line clients = new Line();
    private boolean scheduled;
    /** Whether the clock has been read in this loop iteration. */
    private boolean timed;

    private long passNanos;

    /**
     * @param endOfPass runs a task at the end of the loop pass in which it is given the task
     * @param clock as {@link System#nanoTime()}
     */
    public FlushQueue(Executor endOfPass, LongSupplier clock) {
        this.endOfPass = endOfPass;
        this.clock = clock;
    }

    /**
     * Returns the time at which this loop iteration began: the time when it was first asked for. Everything that is
     * read in one iteration was there when the iteration began, so it is taken to have arrived then.
     */
    public long passNanos() {
        if (!timed) {
            timed = true;
            passNanos = clock.getAsLong();
            schedule();
        }
        return passNanos;
    }

    /** Has the backend connection write at the end of this loop iteration; it must not be waiting here already. */
    public void addBackend(Flushable backend) {
        backends.add(backend);
        schedule();
    }

    /** Has the client connection write at the end of this loop iteration; it must not be waiting here already. */
    public void addClient(Flushable client) {
        clients.add(client);
        schedule();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            endOfPass.execute(this);
        }
    }

    @Override
    public void run() {
        do {
            backends.flush();
            clients.flush();
        } while (backends.count > 0);
        scheduled = false;
        timed = false;
    }
}
