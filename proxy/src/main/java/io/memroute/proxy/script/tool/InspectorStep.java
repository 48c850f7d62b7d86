package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.protocol.Bytes;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One question of an inspector. */
abstract class InspectorStep {

    /** The number of the step's results. */
    int results() {
        return 1;
    }

    /** Puts the results for a request at {@code at}. */
    abstract void inspect(Request request, @Nullable Object[] results, int at);

    /** The {@code pos}-th piece of the key, split at {@code sep}, or its entry in a table. */
    static final class KeyPiece extends InspectorStep {
        private final byte separator;
        private final long position;
        private final @Nullable LuaTable map;

        /**
         * @param position from 1; separators at the beginning of the key do not count
         * @param map gives the result for the piece; without it the piece is the result. It is looked at when the step
         *     runs: scripts may change it
         */
        KeyPiece(byte separator, long position, @Nullable LuaTable map) {
            this.separator = separator;
            this.position = position;
            this.map = map;
        }

        @Override
        void inspect(Request request, @Nullable Object[] results, int at) {
            LuaString piece = piece(request);
            results[at] = map == null || piece == null ? piece : map.get(piece);
        }

        private @Nullable LuaString piece(Request request) {
            ByteBuf key = request.buffer();
            int from = request.keyIndex();
            int end = from + request.keyLength();
            while (from < end && key.getByte(from) == separator) {
                from++;
            }
            for (long n = 1; n < position; n++) {
                int next = Bytes.indexOf(key, from, end, separator);
                if (next < 0) {
                    return null;
                }
                from = next + 1;
            }
            int next = Bytes.indexOf(key, from, end, separator);
            int to = next < 0 ? end : next;
            return to == from ? null : text(key, from, to - from);
        }
    }

    /** Whether the key begins with a text and goes on, or is that text. */
    static final class KeyMatch extends InspectorStep {
        private final byte[] text;
        private final boolean whole;

        KeyMatch(byte[] text, boolean whole) {
            this.text = text;
            this.whole = whole;
        }

        @Override
        void inspect(Request request, @Nullable Object[] results, int at) {
            int length = request.keyLength();
            results[at] = (whole ? length == text.length : length > text.length)
                    && Bytes.equal(request.buffer(), request.keyIndex(), text.length, text);
        }
    }

    static LuaString text(ByteBuf buffer, int index, int length) {
        if (length == 0) {
            return LuaString.EMPTY;
        }
        byte[] bytes = new byte[length];
        buffer.getBytes(index, bytes);
        return LuaString.wrap(bytes);
    }
}
