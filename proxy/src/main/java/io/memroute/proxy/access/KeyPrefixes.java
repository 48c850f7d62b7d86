package io.memroute.proxy.access;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Prefixes that are compared with keys as servers know them: base64 keys are decoded first. Allocates nothing for a
 * request. Owned by one thread.
 */
final class KeyPrefixes {

    private final byte[][] prefixes;
    private final byte[] decoded;

    /** @param texts the prefixes; none if it is never asked */
    KeyPrefixes(List<String> texts) {
        prefixes = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        decoded = new byte[prefixes.length == 0 ? 0 : Request.MAX_KEY_LENGTH];
    }

    boolean isEmpty() {
        return prefixes.length == 0;
    }

    /** The number of the request's keys that begin with one of them. */
    int count(Request request) {
        if (request.keyLength() == 0) {
            return 0;
        }
        ByteBuf buffer = request.buffer();
        int key = request.keyIndex();
        if (!request.multiKey()) {
            return begin(request, buffer, key, request.keyLength()) ? 1 : 0;
        }
        int count = 0;
        while (key >= 0) {
            int end = request.keyEnd(key);
            count += begin(request, buffer, key, end - key) ? 1 : 0;
            key = request.nextKey(end);
        }
        return count;
    }

    /** Whether one of them begins a key. */
    boolean begin(Request request, ByteBuf buffer, int key, int length) {
        int decodedLength = request.base64Key() ? Base64Key.decode(buffer, key, length, decoded) : -1;
        for (byte[] prefix : prefixes) {
            if (decodedLength >= 0 ? begins(prefix, decodedLength) : begins(prefix, buffer, key, length)) {
                return true;
            }
        }
        return false;
    }

    private boolean begins(byte[] prefix, int decodedLength) {
        return decodedLength >= prefix.length && Arrays.equals(decoded, 0, prefix.length, prefix, 0, prefix.length);
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
