package io.memroute.proxy;

import io.memroute.proxy.tls.ListenerTls;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One address to listen on.
 *
 * @param tag which route tree serves its connections: 1 to 8 bytes, or empty for the untagged tree
 * @param protocol what is spoken on it
 * @param address a TCP address (port 0 lets the system choose) or the path of a UNIX socket
 * @param tls how its connections are encrypted; never for a UNIX socket
 * @param anonymous whether its clients need not log in, even if the server has passwords
 * @param proxied whether connections begin with a header of the PROXY protocol, as a load balancer sends it
 * @see "docs/reference/proxy-api.md section 1.2"
 */
public record ListenerSpec(
        String tag, Protocol protocol, SocketAddress address, ListenerTls tls, boolean anonymous, boolean proxied) {

    /** The longest tag memcached's listener syntax allows, in bytes. */
    public static final int MAX_TAG_BYTES = 8;

    /** The protocol of a listener. */
    public enum Protocol {
        /** The text protocols, routed by the configuration. */
        PROXY,
        /** The text protocols, always answered by the embedded store. */
        ASCII
    }

    /** @throws IllegalArgumentException if the tag is too long, or the address is neither TCP nor UNIX */
    public ListenerSpec {
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(protocol, "protocol");
        if (tag.getBytes(StandardCharsets.UTF_8).length > MAX_TAG_BYTES) {
            throw new IllegalArgumentException(
                    "Listener tags must be between 1 and " + MAX_TAG_BYTES + " characters: \"" + tag + "\"");
        }
        if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException("a listener needs a TCP or UNIX socket address, not " + address);
        }
        if (tls != ListenerTls.NONE && address instanceof UnixDomainSocketAddress) {
            throw new IllegalArgumentException("a UNIX socket has no TLS: " + address);
        }
    }

    /** A listener that clients connect to themselves. */
    public ListenerSpec(String tag, Protocol protocol, SocketAddress address, ListenerTls tls, boolean anonymous) {
        this(tag, protocol, address, tls, anonymous, false);
    }

    /** A listener without TLS. */
    public ListenerSpec(String tag, Protocol protocol, SocketAddress address) {
        this(tag, protocol, address, ListenerTls.NONE, false);
    }

    /** An untagged proxy listener on a TCP host and port. */
    public static ListenerSpec tcp(String host, int port) {
        return new ListenerSpec("", Protocol.PROXY, new InetSocketAddress(host, port));
    }

    /** An untagged proxy listener on a UNIX socket. */
    public static ListenerSpec unix(String path) {
        return new ListenerSpec("", Protocol.PROXY, UnixDomainSocketAddress.of(path));
    }

    /** Returns the same listener with another tag. */
    public ListenerSpec tagged(String newTag) {
        return new ListenerSpec(newTag, protocol, address, tls, anonymous, proxied);
    }

    /** Returns the same listener with TLS. */
    public ListenerSpec encrypted(ListenerTls kind) {
        return new ListenerSpec(tag, protocol, address, kind, anonymous, proxied);
    }

    /** Returns the same listener for connections that begin with a header of the PROXY protocol. */
    public ListenerSpec behindProxy() {
        return new ListenerSpec(tag, protocol, address, tls, anonymous, true);
    }

    /** Returns the same listener for clients that need not log in. */
    public ListenerSpec withoutLogin() {
        return new ListenerSpec(tag, protocol, address, tls, true, proxied);
    }
}
