package io.memroute.proxy.backend.events;

/**
 * The reason for which a backend connection was given up.
 *
 * @see "docs/reference/proxy-api.md section 5.4"
 */
public enum BackendFailure {
    TIMEOUT("timeout", "no reply within the read timeout"),
    DISCONNECTED("disconnected", "the server closed the connection"),
    CONNECTING("connecting", "connect failed"),
    CONNECT_TIMEOUT("conntimeout", "connect timeout"),
    RESOLVING("resolving", "host name not found"),
    RESOLVING_TIMEOUT("resolving", "host name lookup timed out"),
    READ_VALIDATE("readvalidate", "no reply to the version command in time"),
    REFUSED_VALIDATE("readvalidate", "error reply to the version command"),
    LOGIN_WANTED("readvalidate", "login required; set the backend options user and password"),
    BAD_VALIDATE("badvalidate", "unexpected reply to the version command"),
    LOGIN("badlogin", "login refused"),
    LOGIN_TIMEOUT("badlogin", "no reply to the login in time"),
    TLS_HANDSHAKE("badtls", "TLS handshake failed"),
    TLS_TIMEOUT("badtls", "TLS handshake timed out"),
    WRITING("writing", "write failed"),
    READING("reading", "read failed"),
    PARSING("parsing", "received something that is not a reply"),
    CLOSED_SOCKET("closedsock", "received a reply without a request"),
    UNHANDLED_REPLY("unhandledres", "received a reply that matches no request"),
    MISSING_END("missingend", "no END after the values of a get"),
    TRAILING_DATA("trailingdata", "received data after the last reply"),
    INVALID_PROTOCOL("invalidprotocol", "the server did not understand a request with a value"),
    WRONG_KEY("wrongkey", "received a key that was not requested"),
    OUT_OF_STEP("outofstep", "a reply is missing, or there is one too many"),
    UNCLEAR_GET("outofstep", "the end of the reply to a multi-key get is unclear"),
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

    /** The reason, for people; as it stands in a line of the log. */
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
