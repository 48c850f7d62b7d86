package io.memroute.store;

import io.memroute.protocol.LineWriter;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** {@code ms}, with all its modes. */
final class MetaSet {
    private final ItemTable table;
    private final Storing storing;

    MetaSet(ItemTable table, Storing storing) {
        this.table = table;
        this.storing = storing;
    }

    boolean run(Request request, ByteBuf value, int valueIndex, Scratch scratch, ByteBuf out) {
        Storing.Order order = scratch.order;
        RequestError error = prepare(request, scratch, order);
        if (error != null) {
            out.writeBytes(error.reply());
            return false;
        }
        table.counters.add(Counter.CMD_SET);
        if (!Values.endsWithLineEnd(request, value, valueIndex)) {
            out.writeBytes(Replies.BAD_DATA_CHUNK);
            return false;
        }
        order.value = Values.copy(request, value, valueIndex);
        Outcome outcome;
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            outcome = storing.store(order, scratch);
        } finally {
            lock.unlock();
        }
        write(request, outcome, order, scratch, out);
        order.forgetValue();
        return scratch.options.quiet && outcome == Outcome.STORED;
    }

    /** Fills in everything but the value. A value that is too large also ends the item that it was to replace. */
    @Nullable
    RequestError prepare(Request request, Scratch scratch, Storing.Order order) {
        MetaOptions options = scratch.options;
        RequestError error = options.read(request, table.time);
        if (error != null) {
            return error;
        }
        StoreMode mode = mode(options);
        if (mode == null) {
            return RequestError.INVALID_SET_MODE;
        }
        order.mode = mode;
        if (storing.tooLarge(scratch.probe.length(), options.clientFlags, request.valueLength())) {
            table.counters.add(Counter.STORE_TOO_LARGE);
            storing.drop(scratch);
            return RequestError.VALUE_TOO_LARGE;
        }
        boolean vivifies = order.mode == StoreMode.APPEND_OR_SET || order.mode == StoreMode.PREPEND_OR_SET;
        order.expiry = vivifies ? options.vivifyExpiry : options.expiry;
        order.clientFlags = options.clientFlags;
        order.binaryKey = options.binaryKey;
        order.requestCas = options.requestCas;
        order.acceptOlderCas = options.invalidate && order.mode == StoreMode.CAS;
        order.newCas = options.newCas;
        order.hasNewCas = options.hasNewCas;
        return null;
    }

    private static @Nullable StoreMode mode(MetaOptions options) {
        return switch (options.mode) {
            case 0, 'S' -> options.hasRequestCas ? StoreMode.CAS : StoreMode.SET;
            case 'E' -> StoreMode.ADD;
            case 'A' -> options.vivify ? StoreMode.APPEND_OR_SET : StoreMode.APPEND;
            case 'P' -> options.vivify ? StoreMode.PREPEND_OR_SET : StoreMode.PREPEND;
            case 'R' -> options.hasRequestCas ? StoreMode.CAS : StoreMode.REPLACE;
            default -> null;
        };
    }

    private static void write(Request request, Outcome outcome, Storing.Order order, Scratch scratch, ByteBuf out) {
        LineWriter line = scratch.writer.to(out).reply(outcome.meta);
        ByteBuf buffer = request.buffer();
        Item item = scratch.item;
        for (int token = request.firstFlagToken(), n = request.tokenCount(); token < n; token++) {
            switch (buffer.getByte(request.tokenIndex(token))) {
                case 'O' -> line.token(buffer, request.tokenIndex(token), request.tokenLength(token));
                case 'k' -> MetaReply.writeKey(scratch.probe, scratch.options.binaryKey, line);
                case 'c' -> line.unsignedFlag('c', item == null ? 0 : item.cas);
                case 's' -> line.flag('s', item == null ? order.value.length : item.value.length);
                default -> {}
            }
        }
        line.end();
    }
}
