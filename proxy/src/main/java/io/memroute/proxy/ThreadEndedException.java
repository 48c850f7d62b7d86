package io.memroute.proxy;

/**
 * A thread that the server can't do without has ended by itself: connections that it owned are dead, and new ones would
 * be given to it. The process should end, too, and be started again.
 */
public final class ThreadEndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ThreadEndedException(String message) {
        super(message);
    }
}
