package io.memroute.proxy.client.accept;

/** The process that takes over the clients of this one. */
public interface ClientTaker {

    /**
     * Gives it a client to whom nothing is owed. Returns at once; any thread.
     *
     * @param descriptor of the client's socket, which is the taker's to close from here on
     */
    void take(int descriptor);

    /** Waits until it has all that it was given. */
    void finish();
}
