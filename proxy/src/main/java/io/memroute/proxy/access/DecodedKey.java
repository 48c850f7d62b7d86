package io.memroute.proxy.access;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Request;

/**
 * The key of the request that is being judged, as servers know it: a base64 key is decoded once, however many rules
 * ask. Used again for each request. Owned by one thread.
 */
public final class DecodedKey {

    private static final int UNKNOWN = -2;

    private final byte[] bytes = new byte[Request.MAX_KEY_LENGTH];
    private int length = UNKNOWN;

    /** Forgets the key: another request is being judged. */
    public void forget() {
        length = UNKNOWN;
    }

    /** The length of the request's one key when decoded; below 0 if it is no base64. */
    int lengthOf(Request request) {
        if (length == UNKNOWN) {
            length = Base64Key.decode(request.buffer(), request.keyIndex(), request.keyLength(), bytes);
        }
        return length;
    }

    /** The decoded key, from the first byte on; valid after its length was asked for. */
    byte[] bytes() {
        return bytes;
    }
}
