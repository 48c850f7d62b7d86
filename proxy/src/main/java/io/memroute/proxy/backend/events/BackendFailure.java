package io.memroute.proxy.backend.events;

/**
 * The reason for which a backend connection was given up.
 *
 * @see "docs/reference/proxy-api.md section 5.4"
 */
public enum BackendFailure {
    TIMEOUT("timeout", "it did not answer a request within the read timeout"),
    DISCONNECTED("disconnected", "it closed the connection"),
    CONNECTING("connecting", "the connection could not be made"),
    CONNECT_TIMEOUT("conntimeout", "the connection was not made within the connect timeout"),
    RESOLVING("resolving", "its host name has no address"),
    RESOLVING_TIMEOUT("resolving", "its host name was not resolved within the connect timeout"),
    READ_VALIDATE("readvalidate", "it did not answer the version request in time"),
    REFUSED_VALIDATE("readvalidate", "it answered the version request with an error"),
    LOGIN_WANTED("readvalidate", "it wants a login: the backend options user and password"),
    BAD_VALIDATE("badvalidate", "it answered the version request with something else"),
    LOGIN("badlogin", "it refused the login"),
    LOGIN_TIMEOUT("badlogin", "it did not answer the login in time"),
    TLS_HANDSHAKE("badvalidate", "the TLS handshake failed"),
    TLS_TIMEOUT("badvalidate", "the TLS handshake was not completed in time"),
    WRITING("writing", "writing to it failed"),
    READING("reading", "reading from it failed"),
    PARSING("parsing", "it sent something that is not a reply"),
    CLOSED_SOCKET("closedsock", "it sent something without a request"),
    UNHANDLED_REPLY("unhandledres", "it sent a reply that does not belong to any request"),
    MISSING_END("missingend", "END did not follow the values of a get"),
    TRAILING_DATA("trailingdata", "it sent more than the replies to what was asked"),
    INVALID_PROTOCOL("invalidprotocol", "it did not understand a request with a value"),
    WRONG_KEY("wrongkey", "it answered a get with a key that was not asked for"),
    OUT_OF_STEP("outofstep", "a reply is missing, or there is one too many"),
    UNCLEAR_GET("outofstep", "the end of its answer to a get of several keys is not clear"),
    OUT_OF_MEMORY("outofmemory", "the reply would exceed the buffer memory limit");

    private final String word;
    private final String meaning;

    BackendFailure(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** The word in memcached's event log. */
    public String word() {
        return word;
    }

    /** The reason, for people; completes "lost because ...". */
    public String meaning() {
        return meaning;
    }

    /**
     * Whether the server, or the way to it, is to blame: memory that this process lacks says nothing about the server.
     */
    public boolean faultOfBackend() {
        return this != OUT_OF_MEMORY;
    }
}
