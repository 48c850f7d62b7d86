package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.function.Murmur3;
import io.memroute.proxy.hash.function.Utf8;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The rendezvous of pymemcache's {@code HashClient}: the server whose text, joined with the key's, hashes highest; of
 * equals the greatest text. A text is a row of code points, of each of which the lowest eight bits count.
 */
final class Pymemcache implements KeyLocator {

    /** Feeds a key to a hash that has begun. */
    @FunctionalInterface
    private interface KeyText {
        long hash(long state, int count, ByteBuf key, int index, int length);
    }

    static final Scheme STR = scheme("pymemcache", Pymemcache::ofStr);

    /** The scheme of keys that are Python {@code bytes}: they are hashed as Python shows them. */
    static final Scheme BYTES = scheme("pymemcache-bytes", Pymemcache::ofBytes);

    private static final String HEX_DIGITS = "0123456789abcdef";

    private final KeyText keyText;
    /** The hash of each server's text and the dash after it. */
    private final long[] begun;
    /** The code points of these texts. */
    private final int[] counts;
    /** The place of each server in the order of texts. */
    private final int[] ranks;

    private Pymemcache(KeyText keyText, List<ServerName> servers) {
        this.keyText = keyText;
        List<String> texts = ServerText.HOST_PORT.of(servers);
        begun = new long[texts.size()];
        counts = new int[texts.size()];
        ranks = new int[texts.size()];
        for (int server = 0; server < begun.length; server++) {
            String text = texts.get(server);
            long state = Murmur3.start(0);
            for (int codePoint : (text + "-").codePoints().toArray()) {
                state = Murmur3.add(state, counts[server]++, codePoint);
            }
            begun[server] = state;
            ranks[server] = (int)
                    texts.stream().filter(other -> other.compareTo(text) < 0).count();
        }
    }

    private static Scheme scheme(String name, KeyText keyText) {
        return Scheme.named(name)
                .hash("murmur3", HashFunction.MURMUR3)
                .byName()
                .by((servers, hash, seed) -> new Pymemcache(keyText, servers));
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        int winner = 0;
        long highest = -1;
        for (int server = 0; server < begun.length; server++) {
            long score = keyText.hash(begun[server], counts[server], key, index, length);
            if (score > highest || score == highest && ranks[server] > ranks[winner]) {
                highest = score;
                winner = server;
            }
        }
        return winner;
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        int winner = place(key, index, length);
        return keyText.hash(begun[winner], counts[winner], key, index, length);
    }

    private static long ofStr(long state, int count, ByteBuf key, int index, int length) {
        int end = index + length;
        for (int at = index; at < end; ) {
            int codePoint = key.getByte(at);
            int bytes = 1;
            if (codePoint < 0) {
                int decoded = Utf8.codePoint(key, at, end);
                if (decoded >= 0) {
                    codePoint = decoded;
                    bytes = decoded < 0x800 ? 2 : decoded < 0x1_0000 ? 3 : 4;
                }
            }
            state = Murmur3.add(state, count++, codePoint);
            at += bytes;
        }
        return Murmur3.finish(state, count);
    }

    /** {@code b'...'}: with double quotes if there are only single ones in it, and with escapes. */
    private static long ofBytes(long state, int count, ByteBuf key, int index, int length) {
        int end = index + length;
        int quote = contains(key, index, end, '\'') && !contains(key, index, end, '"') ? '"' : '\'';
        state = Murmur3.add(state, count++, 'b');
        state = Murmur3.add(state, count++, quote);
        for (int at = index; at < end; at++) {
            int value = key.getUnsignedByte(at);
            if (value == quote || value == '\\') {
                state = Murmur3.add(state, count++, '\\');
                state = Murmur3.add(state, count++, value);
            } else if (value == '\t' || value == '\n' || value == '\r') {
                state = Murmur3.add(state, count++, '\\');
                state = Murmur3.add(state, count++, value == '\t' ? 't' : value == '\n' ? 'n' : 'r');
            } else if (value < ' ' || value >= 0x7f) {
                state = Murmur3.add(state, count++, '\\');
                state = Murmur3.add(state, count++, 'x');
                state = Murmur3.add(state, count++, HEX_DIGITS.charAt(value >> 4));
                state = Murmur3.add(state, count++, HEX_DIGITS.charAt(value & 0xf));
            } else {
                state = Murmur3.add(state, count++, value);
            }
        }
        state = Murmur3.add(state, count++, quote);
        return Murmur3.finish(state, count);
    }

    private static boolean contains(ByteBuf key, int index, int end, char wanted) {
        for (int at = index; at < end; at++) {
            if (key.getByte(at) == wanted) {
                return true;
            }
        }
        return false;
    }
}
