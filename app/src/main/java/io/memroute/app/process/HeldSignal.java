package io.memroute.app.process;

import org.jspecify.annotations.Nullable;

/** A signal that may come before it is known what it does. Thread safe. */
final class HeldSignal {

    private @Nullable Runnable action;
    private boolean arrived;

    /** Runs the action, once there is one. However often the signal comes before that, it is run once. */
    synchronized void arrive() {
        if (action == null) {
            arrived = true;
        } else {
            action.run();
        }
    }

    /** Sets what the signal does, and does it if the signal has come. */
    synchronized void release(Runnable to) {
        action = to;
        if (arrived) {
            arrived = false;
            to.run();
        }
    }
}
