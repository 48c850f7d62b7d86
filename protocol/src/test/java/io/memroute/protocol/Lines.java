package io.memroute.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts lines into buffers and describes what a parser made of them, so that two parses can be compared whole. */
final class Lines {
    private Lines() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A buffer that ends exactly where the text ends: a read past it throws. */
    static ByteBuf exact(byte[] bytes) {
        return Unpooled.wrappedBuffer(bytes.clone());
    }

    /** The text at {@code offset} of a larger direct buffer whose other bytes are all {@code filler}. */
    static ByteBuf surrounded(byte[] bytes, int offset, int filler) {
        byte[] around = new byte[offset + bytes.length + 16];
        Arrays.fill(around, (byte) filler);
        System.arraycopy(bytes, 0, around, offset, bytes.length);
        return Unpooled.directBuffer(around.length).writeBytes(around);
    }

    static String text(ByteBuf buffer, int index, int length) {
        return buffer.toString(index, length, StandardCharsets.ISO_8859_1);
    }

    /** Everything a request knows, positions relative to its start. */
    static String describe(int result, Request r) {
        if (result == RequestParser.INCOMPLETE) {
            return "INCOMPLETE";
        }
        StringBuilder s = new StringBuilder();
        s.append(r.command());
        if (r.keyLength() > 0) {
            s.append(" key=").append(text(r.buffer(), r.keyIndex(), r.keyLength()));
        }
        if (r.multiKey()) {
            s.append(" keys=").append(r.keyCount()).append('[');
            int end = r.keyIndex();
            for (int key = r.keyIndex(); key >= 0; key = r.nextKey(end)) {
                end = r.keyEnd(key);
                s.append(key == r.keyIndex() ? "" : ",").append(text(r.buffer(), key, end - key));
            }
            s.append(']');
        }
        if (r.valueLength() >= 0) {
            s.append(" value=").append(r.valueLength());
        }
        if (r.noreply()) {
            s.append(" noreply");
        }
        for (int letter = 'A'; letter <= 'z'; letter++) {
            if (r.hasFlag(letter)) {
                s.append(' ').append((char) letter);
                int length = r.flagTokenLength(letter);
                if (length > 0) {
                    s.append('(')
                            .append(text(r.buffer(), r.flagTokenIndex(letter), length))
                            .append(')');
                }
            }
        }
        if (r.hasUnknownFlags()) {
            s.append(" unknown-flags");
        }
        s.append(" tokens=").append(r.tokenCount()).append('/').append(r.totalTokenCount());
        s.append(" line=").append(r.lineEnd() - r.start()).append('/').append(r.end() - r.start());
        if (r.error() != null) {
            s.append(result == RequestParser.LINE_TOO_LONG ? " too long " : " malformed ")
                    .append(r.error());
        }
        return s.toString();
    }

    /** Everything a reply knows, positions relative to its start. */
    static String describe(int result, Reply r) {
        if (result == ReplyParser.INCOMPLETE) {
            return "INCOMPLETE";
        }
        StringBuilder s = new StringBuilder(result == ReplyParser.MALFORMED ? "malformed " : "");
        s.append(r.type()).append(" code=").append(r.code());
        s.append(r.ok() ? " ok" : "").append(r.hit() ? " hit" : "").append(r.miss() ? " miss" : "");
        s.append(r.errorLine() ? " error" : "");
        if (r.valueLength() >= 0) {
            s.append(" value=").append(r.valueLength());
        }
        if (r.keyIndex() >= 0) {
            s.append(" key=").append(text(r.buffer(), r.keyIndex(), r.keyLength()));
        }
        for (int letter = 'A'; letter <= 'z'; letter++) {
            if (r.hasFlag(letter)) {
                s.append(' ').append((char) letter);
                int length = r.flagTokenLength(letter);
                if (length > 0) {
                    s.append('(')
                            .append(text(r.buffer(), r.flagTokenIndex(letter), length))
                            .append(')');
                }
            }
        }
        s.append(" line=").append(r.lineEnd() - r.start()).append('/').append(r.end() - r.start());
        return s.toString();
    }
}
