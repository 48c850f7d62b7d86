package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Lines that routes write themselves about the key of a request. */
final class KeyLine {

    static final byte[] META_GET = "mg ".getBytes(StandardCharsets.US_ASCII);
    static final byte[] DELETE = "delete ".getBytes(StandardCharsets.US_ASCII);
    static final byte[] META_DELETE = "md ".getBytes(StandardCharsets.US_ASCII);

    private KeyLine() {}

    /**
     * Begins a line with its first word and the request's key.
     *
     * @param word with the space behind it
     * @return the buffer, to be continued
     */
    static ByteBuf begin(ByteBuf line, byte[] word, Request of) {
        return line.writeBytes(word).writeBytes(of.buffer(), of.keyIndex(), of.keyLength());
    }

    /** Ends a line of the meta protocol, behind the flag that says that the key is base64 text, if it is. */
    static void endMeta(ByteBuf line, Request of) {
        endMeta(line, of.base64Key());
    }

    /** Ends such a line about a key that is no request's any more. */
    static void endMeta(ByteBuf line, boolean base64) {
        if (base64) {
            line.writeByte(' ').writeByte('b');
        }
        line.writeBytes(Replies.CRLF);
    }
}
