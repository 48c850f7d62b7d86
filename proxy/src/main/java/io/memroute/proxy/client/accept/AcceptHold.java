package io.memroute.proxy.client.accept;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * A reason to accept nobody on a listening socket. There may be several at a time, and the socket accepts when there is
 * none: the end of one does not end the others. Thread safe; those of a socket are changed on its event loop.
 */
public enum AcceptHold {
    /** Its owner does not accept yet, or not for a while. Every socket begins with it. */
    OWNER,
    /** Something that clients need is used up, and is waited for. */
    SHORTAGE;

    private static final AttributeKey<Set<AcceptHold>> HOLDS = AttributeKey.valueOf(AcceptHold.class, "holds");

    /** Has a socket accept nobody for this reason. Returns when it accepts nobody any more. */
    public void begin(Channel listening) {
        // On its loop: on another thread epoll would go on until it has accepted one client more.
        onLoop(listening, () -> {
            of(listening).add(this);
            listening.config().setAutoRead(false);
        });
    }

    /** Ends this reason: the socket accepts, unless there is another. */
    public void end(Channel listening) {
        onLoop(listening, () -> {
            Set<AcceptHold> holds = of(listening);
            holds.remove(this);
            if (holds.isEmpty()) {
                listening.config().setAutoRead(true);
            }
        });
    }

    /** Whether there is this reason. On the socket's event loop. */
    boolean holds(Channel listening) {
        return of(listening).contains(this);
    }

    private static Set<AcceptHold> of(Channel listening) {
        Set<AcceptHold> holds = listening.attr(HOLDS).get();
        if (holds == null) {
            holds = EnumSet.of(OWNER);
            listening.attr(HOLDS).set(holds);
        }
        return holds;
    }

    private static void onLoop(Channel listening, Runnable change) {
        EventLoop loop = listening.eventLoop();
        if (loop.inEventLoop()) {
            change.run();
            return;
        }
        try {
            loop.submit(change).awaitUninterruptibly();
        } catch (RejectedExecutionException closed) {
            // The server is being closed: this socket accepts nobody any more.
        }
    }
}
