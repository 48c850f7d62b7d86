package io.memroute.proxy.client.accept;

import io.memroute.proxy.tls.ListenerTls;
import org.jspecify.annotations.Nullable;

/**
 * The terms on which one listener lets clients in.
 *
 * @param tag the listener's tag, unless its connections are always served by the embedded store
 * @param tls how its connections are encrypted
 * @param proxied whether its connections begin with a header of the PROXY protocol
 * @param anonymous whether clients need not log in, even if the server has passwords
 */
public record Entrance(@Nullable String tag, ListenerTls tls, boolean proxied, boolean anonymous) {

    /** The tag in statistics and identities: empty for a listener without one. */
    public String tagOrEmpty() {
        return tag == null ? "" : tag;
    }
}
