package io.memroute.proxy.log;

import java.util.Optional;

/** The streams that can be watched, in the order in which memcached compares a client's word with them. */
public enum LogStream {
    /** Nothing has been told here since memcached 1.6. */
    RAWCMDS,
    /** Items that the embedded store gave up because it was full. */
    EVICTIONS,
    /** Items looked up in the embedded store; memroute tells nothing. */
    FETCHERS,
    /** Items written to the embedded store; memroute tells nothing. */
    MUTATIONS,
    /** Work of memcached's crawlers and slab mover, which memroute does not have. */
    SYSEVENTS,
    /** Client connections. */
    CONNEVENTS,
    /** Requests and their replies, as scripts and the option {@code log} of backends ask for. */
    PROXYREQS,
    /** Backends that fail, configurations that are loaded, errors of scripts. */
    PROXYEVENTS,
    /** Messages of scripts. */
    PROXYUSER,
    /** Items that clients delete from the embedded store. */
    DELETIONS;

    private final String word = name().toLowerCase(java.util.Locale.ROOT);

    /** A set of streams is the sum of these. */
    int bit() {
        return 1 << ordinal();
    }

    /** The first stream whose name begins with the client's word; memcached takes abbreviations, too. */
    public static Optional<LogStream> named(String text) {
        for (LogStream stream : values()) {
            if (stream.word.startsWith(text)) {
                return Optional.of(stream);
            }
        }
        return Optional.empty();
    }
}
