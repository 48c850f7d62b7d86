package io.memroute.proxy.backend;

/**
 * Why a backend connection was given up.
 *
 * @see "proxy-api.md section 5.4"
 */
public enum BackendFailure {
    TIMEOUT("timeout", "no progress on its replies within the read timeout", true),
    DISCONNECTED("disconnected", "it closed the connection", true),
    CONNECTING("connecting", "the connection could not be made", false),
    CONNECT_TIMEOUT("conntimeout", "the connection was not made within the connect timeout", false),
    RESOLVING("resolving", "its host name has no address", false),
    READ_VALIDATE("readvalidate", "no usable answer to the version request", false),
    BAD_VALIDATE("badvalidate", "it answered the version request with something else", false),
    TLS_HANDSHAKE("badvalidate", "the TLS handshake failed", false),
    WRITING("writing", "writing to it failed", true),
    READING("reading", "reading from it failed", true),
    PARSING("parsing", "it sent something that is no reply", false),
    CLOSED_SOCKET("closedsock", "it sent something though nothing was asked", false),
    UNHANDLED_REPLY("unhandledres", "it sent a reply that does not belong to any request", false),
    MISSING_END("missingend", "END did not follow the values of a get", false),
    TRAILING_DATA("trailingdata", "it sent more than the replies to what was asked", false),
    INVALID_PROTOCOL("invalidprotocol", "it did not understand a request with a value", false),
    WRONG_KEY("wrongkey", "it answered a get with a key that was not asked for", false),
    OUT_OF_MEMORY("outofmemory", "the reply would exceed the buffer memory limit", false);

    private final String word;
    private final String meaning;
    private final boolean countsAsFlap;

    BackendFailure(String word, String meaning, boolean countsAsFlap) {
        this.word = word;
        this.meaning = meaning;
        this.countsAsFlap = countsAsFlap;
    }

    /** The word in memcached's event log. */
    public String word() {
        return word;
    }

    /** The reason, for people; completes "lost because ...". */
    public String meaning() {
        return meaning;
    }

    /** Whether a connection lost this way too soon after it was made counts as flapping. */
    boolean countsAsFlap() {
        return countsAsFlap;
    }
}
