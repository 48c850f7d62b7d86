package io.memroute.proxy.call;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Request;
import io.memroute.proxy.hash.KeyFraction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The hash of the key itself, however a request writes it: a key as base64 text and the same one plain are one key to
 * the server. (What picks a pool's backend is the key as written, as with memcached's proxy.) Owned by the worker's
 * thread.
 */
public final class KeyHash {

    /** Room for a decoded key, made for the first one. */
    @SuppressWarnings("NullAway.Init")
    private byte[] decoded;

    @SuppressWarnings("NullAway.Init")
    private ByteBuf decodedView;

    public long of(Request request) {
        if (!request.base64Key()) {
            return KeyFraction.hash(request.buffer(), request.keyIndex(), request.keyLength());
        }
        if (decoded == null) {
            decoded = new byte[Request.MAX_KEY_LENGTH];
            decodedView = Unpooled.wrappedBuffer(decoded);
        }
        int length = Base64Key.decode(request.buffer(), request.keyIndex(), request.keyLength(), decoded);
        return KeyFraction.hash(decodedView, 0, length);
    }
}
