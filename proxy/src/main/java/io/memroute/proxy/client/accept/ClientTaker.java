package io.memroute.proxy.client.accept;

/** The process that takes over the clients of this one. */
public interface ClientTaker {

    /**
     * Gives it a client to whom nothing is owed. Returns at once; any thread.
     *
     * @param client a client with a descriptor that is the taker's to close from here on
     */
    void take(MovingClient client);

    /** Waits until it has all that it was given. */
    void finish();
}
