package io.memroute.proxy.route;

import java.util.Optional;

/** The work that a configuration does by itself while it is in force. For the configuration thread. */
public interface InForce {

    /** @param before that of the previous configuration, which has ended; empty if there was none */
    void begin(Optional<InForce> before);

    void end();
}
