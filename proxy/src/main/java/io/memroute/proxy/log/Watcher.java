package io.memroute.proxy.log;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client that watches: takes lines from any thread into a queue of bounded size, and writes them on its
 * connection's event loop.
 *
 * <p>One batch of lines is on its way to the socket at a time. Lines count against the bound until they have left for
 * it, so that a client that does not read makes the queue fill up; further lines are then dropped and counted, and the
 * first one after them is preceded by the count. The event loop is woken once for all lines that come before it gets to
 * them.
 */
public final class Watcher {

    /** The memory of a line beside its bytes: an array's header and a queue node. */
    private static final int LINE_OVERHEAD_BYTES = 48;

    /** Bytes written at a time, after which others on the same event loop have their turn. */
    private static final int BATCH_BYTES = 64 << 10;

    private final Channel channel;
    private final int streams;
    private final long mostBytes;
    private final Queue<byte[]> lines = new ConcurrentLinkedQueue<>();
    /** Bytes of lines queued and being written, with their overhead. */
    private final AtomicLong heldBytes = new AtomicLong();
    /** Lines dropped that the client has not been told of. */
    private final AtomicLong skipped = new AtomicLong();
    /** The event loop is going to look at the queue. */
    private final AtomicBoolean woken = new AtomicBoolean();
    /** The loop's own. */
    private boolean writing;

    /**
     * @param greeting the first bytes sent to the client
     * @param mostBytes of lines that wait for the client
     */
    public Watcher(Channel channel, Set<LogStream> streams, byte[] greeting, long mostBytes) {
        this.channel = channel;
        this.streams = streams.stream().mapToInt(LogStream::bit).sum();
        this.mostBytes = mostBytes;
        hold(greeting);
    }

    /** It will be handed lines: greets. */
    void begin() {
        wake();
    }

    int streams() {
        return streams;
    }

    /** Takes a line; returns false if there is no room for it. Any thread. */
    boolean offer(byte[] line) {
        if (heldBytes.addAndGet(cost(line)) > mostBytes) {
            heldBytes.addAndGet(-cost(line));
            skipped.incrementAndGet();
            return false;
        }
        if (skipped.get() > 0) {
            tellSkipped();
        }
        lines.add(line);
        wake();
        return true;
    }

    /** The count takes memory beyond the bound, but less than the line it comes with. */
    private void tellSkipped() {
        long count = skipped.getAndSet(0);
        if (count > 0) {
            hold(("skipped=" + count + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void hold(byte[] line) {
        heldBytes.addAndGet(cost(line));
        lines.add(line);
    }

    private static int cost(byte[] line) {
        return line.length + LINE_OVERHEAD_BYTES;
    }

    private void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            onLoop();
        }
    }

    private void onLoop() {
        try {
            channel.eventLoop().execute(this::write);
        } catch (RejectedExecutionException e) {
            // The server is being closed, and with it this connection.
        }
    }

    /** While a batch is being written {@link #woken} stays set: its end is wake-up enough. */
    private void write() {
        if (writing) {
            return;
        }
        woken.set(false);
        if (lines.isEmpty()) {
            tellSkipped();
        }
        byte[] line = lines.poll();
        if (line == null || !channel.isActive()) {
            return;
        }
        ByteBuf batch = channel.alloc().directBuffer();
        long cost = 0;
        do {
            batch.writeBytes(line);
            cost += cost(line);
            line = batch.readableBytes() < BATCH_BYTES ? lines.poll() : null;
        } while (line != null);
        long released = cost;
        writing = true;
        channel.writeAndFlush(batch).addListener(result -> written(result, released));
    }

    private void written(Future<?> result, long bytes) {
        writing = false;
        heldBytes.addAndGet(-bytes);
        if (result.isSuccess()) {
            onLoop();
        } else {
            channel.close();
        }
    }
}
