package io.memroute.protocol;

import java.nio.charset.StandardCharsets;

/** The errors of a command line, each with the reply that memcached gives for it. */
public enum RequestError {
    UNKNOWN_COMMAND("ERROR", false),
    /** An HTTP request line. memcached hangs up: a page has made a browser send it. */
    HTTP_REQUEST("ERROR", true),
    /** Too few tokens, a key over 250 bytes, a length or number that is none, a zero byte. */
    BAD_LINE("CLIENT_ERROR bad command line format", false),
    INVALID_EXPTIME("CLIENT_ERROR invalid exptime argument", false),
    INVALID_DELTA("CLIENT_ERROR invalid numeric delta argument", false),
    DUPLICATE_FLAG("CLIENT_ERROR duplicate flag", false),
    /** The reply of {@code ma} to every wrong flag. */
    INVALID_OR_DUPLICATE_FLAG("CLIENT_ERROR invalid or duplicate flag", false),
    INVALID_FLAG("CLIENT_ERROR invalid flag", false),
    TOO_MANY_FLAGS("CLIENT_ERROR options flags are too long", false),
    BAD_FLAG_TOKEN("CLIENT_ERROR bad token in command line format", false),
    UNDECODABLE_KEY("CLIENT_ERROR error decoding key", false),
    OPAQUE_TOO_LONG("CLIENT_ERROR opaque token too long", false),
    INVALID_INITIAL_VALUE("CLIENT_ERROR invalid numeric initial value", false),
    INVALID_DELTA_VALUE("CLIENT_ERROR invalid numeric delta value", false),
    INVALID_SET_MODE("CLIENT_ERROR invalid mode for ms M token", false),
    INVALID_ARITHMETIC_MODE("CLIENT_ERROR invalid mode for ma M token", false),
    /** memcached hangs up without a word; this text is what its proxy means to say before it does. */
    LINE_TOO_LONG("CLIENT_ERROR request too long", true),
    VALUE_TOO_LARGE("SERVER_ERROR object too large for cache", false);

    private final String text;
    private final byte[] reply;
    private final boolean closing;

    RequestError(String text, boolean closing) {
        this.text = text;
        this.reply = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
        this.closing = closing;
    }

    /** The reply without its line end. */
    public String text() {
        return text;
    }

    /** The whole reply line with its {@code \r\n}. Shared: not to be changed. */
    public byte[] reply() {
        return reply;
    }

    /** Whether memcached closes the connection of a client that sends such a line. */
    public boolean closesConnection() {
        return closing;
    }
}
