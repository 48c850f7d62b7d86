package io.memroute.app.process;

import java.io.IOException;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * A signal of the operating system, through the JDK's {@code sun.misc.Signal}, which nothing replaces. The only class
 * that uses it, and compiled alone: javac warns of it and cannot be told not to.
 */
public final class SystemSignal {

    private final Signal signal;

    /**
     * Finds a signal by its name without {@code SIG}.
     *
     * @throws IllegalArgumentException if the system has none of that name
     */
    public SystemSignal(String name) {
        signal = new Signal(name);
    }

    int number() {
        return signal.getNumber();
    }

    /**
     * Has an action run, on a thread of the JVM's own, whenever the process gets the signal.
     *
     * @throws IllegalArgumentException if the JVM keeps the signal for itself
     */
    public void handle(Runnable action) {
        Signal.handle(signal, received -> action.run());
    }

    /**
     * Sends the signal to the process, without the action that there is for it: what the system does with it happens,
     * such as stopping the process. Returns when the process goes on.
     */
    public void passOn() throws IOException {
        SignalHandler action = Signal.handle(signal, SignalHandler.SIG_DFL);
        try {
            Posix.raise(number());
        } finally {
            Signal.handle(signal, action);
        }
    }

    /** Has the system do with the signal what it does where there is no action. */
    public void forget() {
        Signal.handle(signal, SignalHandler.SIG_DFL);
    }
}
