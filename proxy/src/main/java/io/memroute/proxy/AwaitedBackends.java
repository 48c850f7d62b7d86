package io.memroute.proxy;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The backends of one worker for other threads: everything is done on the worker's thread, and waited for. A lease may
 * be released on the worker's thread, too.
 */
final class AwaitedBackends implements BackendSource {

    private final BackendSource backends;
    private final EventLoop loop;

    AwaitedBackends(BackendSource backends, EventLoop loop) {
        this.backends = backends;
        this.loop = loop;
    }

    @Override
    public Lease lease(boolean mergeGets) {
        Lease lease = await(() -> backends.lease(mergeGets));
        return new Lease() {
            @Override
            public Pool pool(PoolSpec spec, KeyDistributor distributor) {
                return await(() -> lease.pool(spec, distributor));
            }

            @Override
            public void release() {
                together(lease::release);
            }

            @Override
            public void together(Runnable asking) {
                await(() -> {
                    asking.run();
                    return null;
                });
            }
        };
    }

    private <T> T await(Supplier<T> action) {
        return loop.inEventLoop()
                ? action.get()
                : CompletableFuture.supplyAsync(action, loop).join();
    }
}
