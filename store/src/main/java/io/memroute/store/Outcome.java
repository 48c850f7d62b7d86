package io.memroute.store;

import io.memroute.protocol.ReplyType;

/** The result of an attempt to store an item, with the word for it in each protocol. */
enum Outcome {
    STORED(ReplyType.STORED, ReplyType.HD),
    NOT_STORED(ReplyType.NOT_STORED, ReplyType.NS),
    EXISTS(ReplyType.EXISTS, ReplyType.EX),
    NOT_FOUND(ReplyType.NOT_FOUND, ReplyType.NF);

    final ReplyType classic;
    final ReplyType meta;

    Outcome(ReplyType classic, ReplyType meta) {
        this.classic = classic;
        this.meta = meta;
    }
}
