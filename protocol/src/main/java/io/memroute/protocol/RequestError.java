package io.memroute.protocol;

import java.nio.charset.StandardCharsets;

/**
 * What can be wrong with a command line, each with the reply that memcached gives for it.
 */
public enum RequestError {
    UNKNOWN_COMMAND("ERROR"),
    /** Too few tokens, a key over 250 bytes, a length or number that is none. */
    BAD_LINE("CLIENT_ERROR bad command line format"),
    INVALID_EXPTIME("CLIENT_ERROR invalid exptime argument"),
    INVALID_DELTA("CLIENT_ERROR invalid numeric delta argument"),
    DUPLICATE_FLAG("CLIENT_ERROR duplicate flag"),
    /** What {@code ma} says to every wrong flag. */
    INVALID_OR_DUPLICATE_FLAG("CLIENT_ERROR invalid or duplicate flag"),
    INVALID_FLAG("CLIENT_ERROR invalid flag"),
    TOO_MANY_FLAGS("CLIENT_ERROR options flags are too long"),
    BAD_FLAG_TOKEN("CLIENT_ERROR bad token in command line format"),
    UNDECODABLE_KEY("CLIENT_ERROR error decoding key"),
    OPAQUE_TOO_LONG("CLIENT_ERROR opaque token too long"),
    INVALID_INITIAL_VALUE("CLIENT_ERROR invalid numeric initial value"),
    INVALID_DELTA_VALUE("CLIENT_ERROR invalid numeric delta value"),
    INVALID_SET_MODE("CLIENT_ERROR invalid mode for ms M token"),
    INVALID_ARITHMETIC_MODE("CLIENT_ERROR invalid mode for ma M token"),
    /** memcached closes such a connection without a word; this text is what its proxy means to say. */
    LINE_TOO_LONG("CLIENT_ERROR request too long"),
    VALUE_TOO_LARGE("SERVER_ERROR object too large for cache");

    private final String text;
    private final byte[] reply;

    RequestError(String text) {
        this.text = text;
        this.reply = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The reply without its line end. */
    public String text() {
        return text;
    }

    /** The whole reply line with its {@code \r\n}. Shared: not to be changed. */
    public byte[] reply() {
        return reply;
    }
}
