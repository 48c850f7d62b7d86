package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.netty.buffer.ByteBuf;

/** Reads the answer of a server to {@code version}. */
final class ServerVersion {

    private ServerVersion() {}

    /**
     * Whether the server is a memcached before 1.6, and so does not know {@code ms}: it would take the value for
     * commands. A version that cannot be read is taken for a later one.
     */
    static boolean precedesMeta(Reply version) {
        if (version.tokenCount() < 2) {
            return false;
        }
        ByteBuf text = version.buffer();
        int index = version.tokenIndex(1);
        boolean isOneDot = version.tokenLength(1) >= 4 && text.getByte(index) == '1' && text.getByte(index + 1) == '.';
        int minor = isOneDot ? text.getByte(index + 2) : 0;
        return minor >= '0' && minor < '6' && text.getByte(index + 3) == '.';
    }
}
