package io.memroute.proxy.tls;

/**
 * The TLS of one listener.
 *
 * @see "memcached's doc/tls.txt"
 */
public enum ListenerTls {
    /** Plain TCP, or a UNIX socket ({@code notls:}). */
    NONE,
    /** Client certificates as {@code ssl_verify_mode} says. */
    USUAL,
    /** Client certificates are never asked for ({@code btls:}). */
    BASIC,
    /** A client certificate is required ({@code mtls:}). */
    MUTUAL
}
