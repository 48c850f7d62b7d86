package io.memroute.proxy.access;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Prefixes that are compared with keys as servers know them: base64 keys are decoded first. Allocates nothing for a
 * request. Immutable.
 */
final class KeyPrefixes {

    private final byte[][] prefixes;

    /** @param texts the prefixes; none if it is never asked */
    KeyPrefixes(List<String> texts) {
        prefixes = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    boolean isEmpty() {
        return prefixes.length == 0;
    }

    /** The number of the request's keys that begin with one of them. */
    int count(Request request, DecodedKey decoded) {
        if (request.keyLength() == 0) {
            return 0;
        }
        ByteBuf buffer = request.buffer();
        int key = request.keyIndex();
        if (!request.multiKey()) {
            return begin(request, decoded, buffer, key, request.keyLength()) ? 1 : 0;
        }
        int count = 0;
        while (key >= 0) {
            int end = request.keyEnd(key);
            count += begin(request, decoded, buffer, key, end - key) ? 1 : 0;
            key = request.nextKey(end);
        }
        return count;
    }

    /**
     * Whether one of them begins a key.
     *
     * @param decoded the key of the request, should it be in base64
     */
    boolean begin(Request request, DecodedKey decoded, ByteBuf buffer, int key, int length) {
        int decodedLength = request.base64Key() ? decoded.lengthOf(request) : -1;
        for (byte[] prefix : prefixes) {
            if (decodedLength >= 0
                    ? begins(prefix, decoded.bytes(), decodedLength)
                    : begins(prefix, buffer, key, length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] prefix, byte[] decoded, int length) {
        return length >= prefix.length && Arrays.equals(decoded, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static boolean begins(byte[] prefix, ByteBuf buffer, int key, int length) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (buffer.getByte(key + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
