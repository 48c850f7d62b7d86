package io.memroute.store;

import io.memroute.protocol.LineWriter;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;

/** The parts of a reply that a meta request only wants back. */
final class MetaReply {
    private MetaReply() {}

    /** Answers the flags {@code O} and {@code k}, in the order they came: all there is to say without an item. */
    static void writeOpaqueAndKey(Request request, Scratch scratch, LineWriter line) {
        ByteBuf buffer = request.buffer();
        for (int token = request.firstFlagToken(), n = request.tokenCount(); token < n; token++) {
            switch (buffer.getByte(request.tokenIndex(token))) {
                case 'O' -> line.token(buffer, request.tokenIndex(token), request.tokenLength(token));
                case 'k' -> writeKey(scratch.probe, scratch.options.binaryKey, line);
                default -> {}
            }
        }
    }

    /** The flag {@code k} with the key; a binary one as base64 text, followed by the flag {@code b}. */
    static void writeKey(Key key, boolean binary, LineWriter line) {
        if (binary) {
            line.base64Flag('k', key.bytes(), key.length()).flag('b');
        } else {
            line.flag('k', key.bytes(), key.length());
        }
    }
}
