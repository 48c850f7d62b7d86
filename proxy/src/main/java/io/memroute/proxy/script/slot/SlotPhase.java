package io.memroute.proxy.script.slot;

/** The way of a request through its slot. */
enum SlotPhase {
    /** The slot serves no request. */
    FREE,
    /** The function runs, or has been suspended and its requests are being sent. */
    RUNNING,
    /** The function is suspended in a wait. */
    WAITING,
    /** The function has returned, and the requests of its last wait are being sent. */
    ENDING,
    /** The function has returned; its value is the result of the wait under way. */
    LAST_WAIT,
    /** The request is answered; a request sent for it is not. */
    ANSWERED;

    /** Whether the function, or its immediate continuation, is on the Java stack. */
    boolean isRunning() {
        return this == RUNNING || this == ENDING;
    }
}
