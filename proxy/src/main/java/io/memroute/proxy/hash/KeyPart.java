package io.memroute.proxy.hash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;

/**
 * A {@link KeyFilter} made ready to run: finds the part of a key that is hashed. A part is returned as one long, its
 * index in the upper and its length in the lower half, so that nothing is allocated.
 */
sealed interface KeyPart {

    /** The part of the key at {@code index}. */
    long of(ByteBuf key, int index, int length);

    static KeyPart of(KeyFilter filter) {
        byte[] conf = filter.conf().getBytes(UTF_8);
        return switch (filter.kind()) {
            case STOP -> new BeforeStop(conf);
            case TAGS -> new BetweenTags(conf[0], conf[1], 0);
            case HASH_TAG -> new BetweenTags(conf[0], conf[1], 1);
            case STRIP -> new AfterPrefix(conf);
        };
    }

    static int index(long part) {
        return (int) (part >> 32);
    }

    static int length(long part) {
        return (int) part;
    }

    private static long part(int index, int length) {
        return (long) index << 32 | length;
    }

    /**
     * The text before the first occurrence of the stop text, possibly empty; the whole key if there is none. Like
     * memcached, which searches a C string, it does not look past a zero byte nor into keys longer than 250 bytes.
     */
    final class BeforeStop implements KeyPart {

        private static final int LONGEST_SEARCHED_BYTES = 250;

        private final byte[] stop;

        BeforeStop(byte[] stop) {
            this.stop = stop;
        }

        @Override
        public long of(ByteBuf key, int index, int length) {
            if (length <= LONGEST_SEARCHED_BYTES) {
                int last = index + length - stop.length;
                for (int i = index; i <= last; i++) {
                    byte first = key.getByte(i);
                    if (first == 0) {
                        break;
                    }
                    if (first == stop[0] && restMatches(key, i)) {
                        return part(index, i - index);
                    }
                }
            }
            return part(index, length);
        }

        private boolean restMatches(ByteBuf key, int at) {
            for (int i = 1; i < stop.length; i++) {
                if (key.getByte(at + i) != stop[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The text between the first opening tag and the next closing tag; the whole key if either is missing or there is
     * less between them than there must be. Only the first opening tag counts.
     */
    final class BetweenTags implements KeyPart {

        private final byte opening;
        private final byte closing;
        private final int least;

        BetweenTags(byte opening, byte closing, int least) {
            this.opening = opening;
            this.closing = closing;
            this.least = least;
        }

        @Override
        public long of(ByteBuf key, int index, int length) {
            int end = index + length;
            int open = find(key, index, end, opening);
            int close = find(key, open + 1, end, closing);
            return close < end && close - open - 1 >= least ? part(open + 1, close - open - 1) : part(index, length);
        }

        private static int find(ByteBuf key, int from, int end, byte wanted) {
            int i = from;
            while (i < end && key.getByte(i) != wanted) {
                i++;
            }
            return i;
        }
    }

    /** The part behind the prefix, possibly empty; the whole of a key that does not begin with it. */
    final class AfterPrefix implements KeyPart {

        private final byte[] prefix;

        AfterPrefix(byte[] prefix) {
            this.prefix = prefix;
        }

        @Override
        public long of(ByteBuf key, int index, int length) {
            if (length < prefix.length) {
                return part(index, length);
            }
            for (int i = 0; i < prefix.length; i++) {
                if (key.getByte(index + i) != prefix[i]) {
                    return part(index, length);
                }
            }
            return part(index + prefix.length, length - prefix.length);
        }
    }
}
