package io.memroute.proxy.route;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.PrefixRule;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what belongs to the prefix of a request's key, looking at the key where it lies. Immutable.
 *
 * @param <T> what belongs to a prefix: its routes by command id when serving
 * @see "docs/reference/route-library.md section 1.10.3"
 */
public final class PrefixTable<T> {

    private final byte[] start;
    private final byte[] stop;
    private final byte[][] prefixes;
    private final Object[] values;
    private final int mask;

    public PrefixTable(PrefixRule rule, Map<String, T> valuesByPrefix) {
        start = rule.start().getBytes(StandardCharsets.UTF_8);
        stop = rule.stop().getBytes(StandardCharsets.UTF_8);
        // A quarter full at most, so that most lookups of an unknown prefix end at the first slot.
        int slots = Integer.highestOneBit(Math.max(4, valuesByPrefix.size() * 4 - 1)) << 1;
        mask = slots - 1;
        prefixes = new byte[slots][];
        values = new Object[slots];
        valuesByPrefix.forEach((prefix, value) -> {
            byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
            int slot = spread(Arrays.hashCode(bytes)) & mask;
            while (prefixes[slot] != null) {
                slot = slot + 1 & mask;
            }
            prefixes[slot] = bytes;
            values[slot] = value;
        });
    }

    /** Returns what belongs to the key's prefix; nothing if it has none or an unknown one. */
    public @Nullable T find(Request request) {
        ByteBuf buffer = request.buffer();
        int from = request.keyIndex();
        int end = from + request.keyLength();
        if (start.length > 0) {
            if (!matches(buffer, from, end, start)) {
                return null;
            }
            from += start.length;
        }
        int hash = 1;
        for (int at = from; at < end; at++) {
            byte here = buffer.getByte(at);
            if (here == stop[0] && matches(buffer, at, end, stop)) {
                return at == from ? null : lookUp(buffer, from, at - from, spread(hash));
            }
            // As Arrays.hashCode, over the bytes of the prefix so far.
            hash = 31 * hash + here;
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private @Nullable T lookUp(ByteBuf buffer, int index, int length, int hash) {
        for (int slot = hash & mask; prefixes[slot] != null; slot = slot + 1 & mask) {
            if (prefixes[slot].length == length && matches(buffer, index, index + length, prefixes[slot])) {
                return (T) values[slot];
            }
        }
        return null;
    }

    private static boolean matches(ByteBuf buffer, int from, int end, byte[] text) {
        if (end - from < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (buffer.getByte(from + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 16;
    }
}
