package io.memroute.proxy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The event loops of a server: the one that accepts clients, and those of the workers. Thread safe. */
final class ServerThreads {

    /** The time that {@link #end()} waits for the event loops. */
    private static final long SHUTDOWN_MILLIS = 5000;

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;

    ServerThreads(Transport transport, int workers) {
        this.acceptor = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("memroute-accept", true), transport.ioHandlerFactory());
        this.workers = new MultiThreadIoEventLoopGroup(
                workers, new DefaultThreadFactory("memroute-worker", true), transport.ioHandlerFactory());
    }

    EventLoopGroup acceptor() {
        return acceptor;
    }

    EventLoopGroup workers() {
        return workers;
    }

    /**
     * Has the end of any thread told: Netty ends an event loop in which an error gets to the top.
     *
     * @param ended is given a name for the thread, on that thread
     */
    void onEnd(Consumer<String> ended) {
        onEnd(acceptor, "the accepting thread", ended);
        onEnd(workers, "a worker", ended);
    }

    private static void onEnd(EventLoopGroup group, String name, Consumer<String> ended) {
        for (EventExecutor thread : group) {
            thread.terminationFuture().addListener(future -> ended.accept(name));
        }
    }

    /** Ends the threads, and waits for those of the workers. */
    void end() {
        acceptor.shutdownGracefully(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
        workers.shutdownGracefully(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
