package io.memroute.proxy.route;

/** The work that a configuration does by itself while it is in force. For the configuration thread. */
public interface InForce {

    /** @param before the turns that the previous configuration has left */
    void begin(Turns before);

    /** Ends it, and returns the turns that it leaves. */
    Turns end();
}
