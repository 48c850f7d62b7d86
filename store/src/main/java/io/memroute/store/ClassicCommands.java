package io.memroute.store;

import io.memroute.protocol.Command;
import io.memroute.protocol.Decimal;
import io.memroute.protocol.LineWriter;
import io.memroute.protocol.Replies;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The classic storage commands. Each writes its reply; {@code noreply} is for {@link Store} to look at. */
final class ClassicCommands {
    private static final int FLAGS = 2;
    private static final int EXPTIME = 3;
    private static final int CAS = 5;
    private static final int ARGUMENT = 2;

    private final ItemTable table;
    private final Storing storing;
    private final Counting counting;
    private final long keySeed;

    ClassicCommands(ItemTable table, Storing storing, Counting counting, long keySeed) {
        this.table = table;
        this.storing = storing;
        this.counting = counting;
        this.keySeed = keySeed;
    }

    /** {@code get}, {@code gets}, {@code gat} and {@code gats} with all their keys. */
    void get(Request request, Scratch scratch, ByteBuf out) {
        Command command = request.command();
        boolean withCas = command == Command.GETS || command == Command.GATS;
        boolean touch = command == Command.GAT || command == Command.GATS;
        int expiry = touch ? expiry(request, 1) : StoreTime.NEVER;
        int key = request.keyIndex();
        int end = key + request.keyLength();
        // Counted, because a request can stand for one key of a longer line.
        for (int left = request.keyCount(); left > 0; left--) {
            scratch.probe.load(request.buffer(), key, end - key, keySeed);
            Item item = touch ? touch(expiry, scratch) : table.find(scratch.probe, scratch.now);
            table.counters.add(touch ? Counter.CMD_TOUCH : Counter.CMD_GET);
            if (item == null) {
                table.counters.add(touch ? Counter.TOUCH_MISSES : Counter.GET_MISSES);
            } else {
                table.counters.add(touch ? Counter.TOUCH_HITS : Counter.GET_HITS);
                item.bump(scratch.now);
                writeValue(item, withCas, scratch, out);
            }
            if (left > 1) {
                key = request.nextKey(end);
                end = request.keyEnd(key);
            }
        }
        out.writeBytes(Replies.END);
    }

    private static void writeValue(Item item, boolean withCas, Scratch scratch, ByteBuf out) {
        LineWriter line = scratch.writer
                .to(out)
                .reply(ReplyType.VALUE)
                .token(item.key.bytes(), item.key.length())
                .unsigned(Integer.toUnsignedLong(item.clientFlags))
                .unsigned(item.value.length);
        if (withCas) {
            line.unsigned(item.cas);
        }
        line.end().value(item.value);
    }

    private @Nullable Item touch(int expiry, Scratch scratch) {
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            Item item = table.find(scratch.probe, scratch.now);
            if (item != null) {
                item.expiry = expiry;
            }
            return item;
        } finally {
            lock.unlock();
        }
    }

    void touch(Request request, Scratch scratch, ByteBuf out) {
        Item item = touch(expiry(request, ARGUMENT), scratch);
        table.counters.add(Counter.CMD_TOUCH);
        table.counters.add(item == null ? Counter.TOUCH_MISSES : Counter.TOUCH_HITS);
        if (item != null) {
            item.bump(scratch.now);
        }
        out.writeBytes(item == null ? Replies.NOT_FOUND : Replies.TOUCHED);
    }

    private int expiry(Request request, int token) {
        return table.time.expiry(
                (int) Decimal.signed32(request.buffer(), request.tokenIndex(token), request.tokenLength(token)));
    }

    /** {@code set}, {@code add}, {@code replace}, {@code append}, {@code prepend} and {@code cas}. */
    void store(Request request, ByteBuf value, int valueIndex, Scratch scratch, ByteBuf out) {
        Storing.Order order = scratch.order;
        if (!prepare(request, scratch, order)) {
            out.writeBytes(Replies.TOO_LARGE);
            return;
        }
        table.counters.add(Counter.CMD_SET);
        if (!Values.endsWithLineEnd(request, value, valueIndex)) {
            out.writeBytes(Replies.BAD_DATA_CHUNK);
            return;
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
        order.forgetValue();
        scratch.writer.to(out).reply(outcome.classic).end();
    }

    /**
     * Fills in everything but the value.
     *
     * @return false if the value is too large; a {@code set} then has also ended the item it was to replace, so that
     *     nobody takes its old value for the new one
     */
    boolean prepare(Request request, Scratch scratch, Storing.Order order) {
        ByteBuf buffer = request.buffer();
        order.mode = switch (request.command()) {
            case ADD -> StoreMode.ADD;
            case REPLACE -> StoreMode.REPLACE;
            case APPEND -> StoreMode.APPEND;
            case PREPEND -> StoreMode.PREPEND;
            case CAS -> StoreMode.CAS;
            default -> StoreMode.SET;
        };
        order.clientFlags = Decimal.lenient32(buffer, request.tokenIndex(FLAGS), request.tokenLength(FLAGS));
        if (storing.tooLarge(scratch.probe.length(), order.clientFlags, request.valueLength())) {
            table.counters.add(Counter.STORE_TOO_LARGE);
            if (order.mode == StoreMode.SET) {
                storing.drop(scratch);
            }
            return false;
        }
        order.expiry =
                table.time.expiry(Decimal.lenient32(buffer, request.tokenIndex(EXPTIME), request.tokenLength(EXPTIME)));
        order.binaryKey = false;
        order.requestCas = order.mode == StoreMode.CAS
                ? Decimal.unsigned64(buffer, request.tokenIndex(CAS), request.tokenLength(CAS))
                : 0;
        order.acceptOlderCas = false;
        order.hasNewCas = false;
        return true;
    }

    /** {@code incr} and {@code decr}. */
    void count(Request request, Scratch scratch, ByteBuf out) {
        boolean up = request.command() == Command.INCR;
        long delta = Decimal.unsigned64(request.buffer(), request.tokenIndex(ARGUMENT), request.tokenLength(ARGUMENT));
        Counting.Result result;
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            result = counting.count(up, delta, 0, scratch);
        } finally {
            lock.unlock();
        }
        switch (result) {
            case OK -> scratch.writer.to(out).numberReply(scratch.number);
            case NOT_A_NUMBER -> out.writeBytes(Replies.NON_NUMERIC_VALUE);
            case NOT_FOUND, CAS_MISMATCH -> {
                table.counters.add(up ? Counter.INCR_MISSES : Counter.DECR_MISSES);
                out.writeBytes(Replies.NOT_FOUND);
            }
        }
    }

    private boolean delete(Scratch scratch) {
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            Item item = table.find(scratch.probe, scratch.now);
            if (item != null) {
                table.delete(item, Command.DELETE);
            }
            return item != null;
        } finally {
            lock.unlock();
        }
    }

    void delete(Scratch scratch, ByteBuf out) {
        boolean found = delete(scratch);
        table.counters.add(found ? Counter.DELETE_HITS : Counter.DELETE_MISSES);
        out.writeBytes(found ? Replies.DELETED : Replies.NOT_FOUND);
    }
}
