package io.memroute.app.process;

import sun.misc.Signal;

/**
 * A signal of the operating system, through the JDK's {@code sun.misc.Signal}, which nothing replaces. The only class
 * that uses it, and compiled alone: javac warns of it and cannot be told not to.
 */
final class SystemSignal {

    private final Signal signal;

    /**
     * Finds a signal by its name without {@code SIG}.
     *
     * @throws IllegalArgumentException if the system has none of that name
     */
    SystemSignal(String name) {
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
    void handle(Runnable action) {
        Signal.handle(signal, received -> action.run());
    }
}
