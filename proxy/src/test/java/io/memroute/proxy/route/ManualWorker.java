package io.memroute.proxy.route;

import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.worker.ServerContext;
import io.memroute.proxy.worker.WorkerContext;
import io.memroute.store.Store;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker whose clock the test moves. */
public final class ManualWorker {

    private final MockTicker clock = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(clock).build();
    private final WorkerContext worker = new WorkerContext(
            channel.eventLoop(),
            channel.eventLoop(),
            ServerContext.offline(
                    UnpooledByteBufAllocator.DEFAULT, Store.builder().build()));

    public WorkerContext get() {
        return worker;
    }

    /** Lets time pass and runs what has become due. */
    public void pass(Duration time) {
        clock.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    public long count(String name) {
        return worker.userCounters().counter(name).get();
    }

    /** Bytes of replies held at present. */
    public long bufferedBytes() {
        return worker.counters().get(Counter.BUFFER_MEMORY);
    }
}
