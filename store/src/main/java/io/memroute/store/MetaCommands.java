package io.memroute.store;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Command;
import io.memroute.protocol.LineWriter;
import io.memroute.protocol.Replies;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code mg}, {@code md}, {@code ma} and {@code me} (memcached's doc/protocol.txt, "Meta Commands"); {@code ms} is
 * {@link MetaSet}. Each writes its reply and says whether the quiet flag suppresses it.
 *
 * <p>Longer than 300 lines: a method for each command, and the reply lines that they have in common.
 */
final class MetaCommands {
    private final ItemTable table;
    private final Counting counting;
    private final int itemSizeLimit;

    MetaCommands(ItemTable table, Counting counting, int itemSizeLimit) {
        this.table = table;
        this.counting = counting;
        this.itemSizeLimit = itemSizeLimit;
    }

    boolean get(Request request, Scratch scratch, ByteBuf out) {
        MetaOptions options = scratch.options;
        RequestError error = options.read(request, table.time);
        if (error != null) {
            out.writeBytes(error.reply());
            return false;
        }
        boolean exclusive = options.vivify || options.hasExpiry || options.recacheTime != 0;
        if (!exclusive) {
            Item item = table.find(scratch.probe, scratch.now);
            // Only one fetch of a stale item may win, so finding out who does needs the lock.
            if (item == null || !item.stale || item.tokenSent) {
                return writeGet(request, item, false, scratch, out);
            }
        }
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            Item item = table.find(scratch.probe, scratch.now);
            boolean created = item == null && options.vivify;
            if (created) {
                long cas = options.hasNewCas ? options.newCas : table.nextCas();
                item = new Item(
                        scratch.probe.copy(),
                        new byte[0],
                        0,
                        options.binaryKey,
                        StoreTime.NEVER,
                        cas,
                        table.nextSequence(),
                        scratch.now);
                table.put(item);
            }
            return writeGet(request, item, created, scratch, out);
        } finally {
            lock.unlock();
        }
    }

    private boolean writeGet(Request request, @Nullable Item item, boolean created, Scratch scratch, ByteBuf out) {
        LineWriter line = scratch.writer.to(out);
        MetaOptions options = scratch.options;
        if (item == null) {
            table.counters.add(Counter.CMD_GET);
            table.counters.add(Counter.GET_MISSES);
            line.reply(ReplyType.EN);
            MetaReply.writeOpaqueAndKey(request, scratch, line);
            line.end();
            return options.quiet;
        }
        boolean value = options.value && !(options.hasRequestCas && item.cas == options.requestCas);
        if (value) {
            line.reply(ReplyType.VA).number(item.value.length);
        } else {
            line.reply(ReplyType.HD);
        }
        boolean won = writeItemFlags(request, item, created, scratch, line);
        if (item.tokenSent) {
            line.flag('Z');
        }
        if (item.stale) {
            line.flag('X');
            won |= !item.tokenSent;
        }
        if (won) {
            line.flag('W');
            item.tokenSent = true;
        }
        line.end();
        if (value) {
            line.value(item.value);
        }
        if (!options.noBump) {
            item.bump(scratch.now);
        }
        table.counters.add(options.hasExpiry ? Counter.CMD_TOUCH : Counter.CMD_GET);
        table.counters.add(options.hasExpiry ? Counter.TOUCH_HITS : Counter.GET_HITS);
        return false;
    }

    /**
     * Works through the flags in the order they came, which decides whether {@code t} is the TTL before or after
     * {@code T}.
     */
    private static boolean writeItemFlags(
            Request request, Item item, boolean created, Scratch scratch, LineWriter line) {
        MetaOptions options = scratch.options;
        ByteBuf buffer = request.buffer();
        boolean won = false;
        for (int token = request.firstFlagToken(), n = request.tokenCount(); token < n; token++) {
            switch (buffer.getByte(request.tokenIndex(token))) {
                case 'T' -> item.expiry = options.expiry;
                case 'N' -> {
                    if (created) {
                        item.expiry = options.vivifyExpiry;
                        won = true;
                    }
                }
                case 'R' ->
                    won |= !item.tokenSent
                            && !created
                            && item.expiry != StoreTime.NEVER
                            && item.expiry < options.recacheTime;
                case 's' -> line.flag('s', item.value.length);
                case 't' -> line.flag('t', timeToLive(item, scratch.now));
                case 'c' -> line.unsignedFlag('c', item.cas);
                case 'f' -> line.unsignedFlag('f', Integer.toUnsignedLong(item.clientFlags));
                case 'l' -> line.flag('l', scratch.now - item.lastAccess);
                case 'h' -> line.flag('h', item.fetched ? 1 : 0);
                case 'O' -> line.token(buffer, request.tokenIndex(token), request.tokenLength(token));
                case 'k' -> MetaReply.writeKey(item.key, item.binaryKey, line);
                default -> {}
            }
        }
        return won;
    }

    /** Seconds until the item expires, -1 if it never does. */
    static int timeToLive(Item item, int now) {
        int expiry = item.expiry;
        return expiry == StoreTime.NEVER ? -1 : Math.max(0, expiry - now);
    }

    boolean delete(Request request, Scratch scratch, ByteBuf out) {
        MetaOptions options = scratch.options;
        RequestError error = options.read(request, table.time);
        if (error != null) {
            out.writeBytes(error.reply());
            return false;
        }
        ReplyType result;
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            result = deleteLocked(options, scratch);
        } finally {
            lock.unlock();
        }
        LineWriter line = scratch.writer.to(out).reply(result);
        MetaReply.writeOpaqueAndKey(request, scratch, line);
        line.end();
        return options.quiet && result == ReplyType.HD;
    }

    private ReplyType deleteLocked(MetaOptions options, Scratch scratch) {
        Item item = table.find(scratch.probe, scratch.now);
        if (item == null || options.hasRequestCas && item.cas != options.requestCas) {
            table.counters.add(Counter.DELETE_MISSES);
            return item == null ? ReplyType.NF : ReplyType.EX;
        }
        if (options.removeValue) {
            long cas = options.hasNewCas ? options.newCas : item.cas;
            item = new Item(
                    item.key,
                    new byte[0],
                    options.clientFlags,
                    item.binaryKey,
                    options.expiry,
                    cas,
                    table.nextSequence(),
                    scratch.now);
            table.put(item);
        }
        if (options.invalidate) {
            if (options.hasExpiry) {
                item.expiry = options.expiry;
            }
            item.stale = true;
            // The next to fetch it may win again.
            item.tokenSent = false;
            item.cas = options.hasNewCas ? options.newCas : table.nextCas();
            return ReplyType.HD;
        }
        table.counters.add(Counter.DELETE_HITS);
        if (!options.removeValue) {
            table.delete(item, Command.MD);
        }
        return ReplyType.HD;
    }

    boolean arithmetic(Request request, Scratch scratch, ByteBuf out) {
        MetaOptions options = scratch.options;
        RequestError error = options.read(request, table.time);
        boolean up = options.mode == 0 || options.mode == 'I' || options.mode == '+';
        if (error == null && !up && options.mode != 'D' && options.mode != '-') {
            error = RequestError.INVALID_ARITHMETIC_MODE;
        }
        if (error != null) {
            out.writeBytes(error.reply());
            return false;
        }
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            return arithmeticLocked(request, up, scratch, out);
        } finally {
            lock.unlock();
        }
    }

    private boolean arithmeticLocked(Request request, boolean up, Scratch scratch, ByteBuf out) {
        MetaOptions options = scratch.options;
        LineWriter line = scratch.writer.to(out);
        boolean created = false;
        switch (counting.count(up, options.delta, options.requestCas, scratch)) {
            case NOT_A_NUMBER -> {
                out.writeBytes(Replies.NON_NUMERIC_VALUE);
                return false;
            }
            case CAS_MISMATCH -> {
                line.reply(ReplyType.EX);
                MetaReply.writeOpaqueAndKey(request, scratch, line);
                line.end();
                return false;
            }
            case NOT_FOUND -> {
                if (!options.vivify) {
                    table.counters.add(up ? Counter.INCR_MISSES : Counter.DECR_MISSES);
                    line.reply(ReplyType.NF);
                    MetaReply.writeOpaqueAndKey(request, scratch, line);
                    line.end();
                    return false;
                }
                scratch.number = options.initial;
                scratch.item = counting.create(options, scratch);
                created = true;
            }
            case OK -> {
                if (options.hasNewCas) {
                    scratch.made().cas = options.newCas;
                }
            }
        }
        writeArithmetic(request, created, scratch, line);
        return options.quiet;
    }

    private static void writeArithmetic(Request request, boolean created, Scratch scratch, LineWriter line) {
        MetaOptions options = scratch.options;
        Item item = scratch.made();
        byte[] number = Counting.digits(scratch.number);
        if (options.value) {
            line.reply(ReplyType.VA).number(number.length);
        } else {
            line.reply(ReplyType.HD);
        }
        ByteBuf buffer = request.buffer();
        for (int token = request.firstFlagToken(), n = request.tokenCount(); token < n; token++) {
            switch (buffer.getByte(request.tokenIndex(token))) {
                case 'c' -> line.unsignedFlag('c', item.cas);
                case 't' -> line.flag('t', timeToLive(item, scratch.now));
                case 'T' -> item.expiry = options.expiry;
                case 'N' -> {
                    if (created) {
                        item.expiry = options.vivifyExpiry;
                    }
                }
                case 'O' -> line.token(buffer, request.tokenIndex(token), request.tokenLength(token));
                case 'k' -> MetaReply.writeKey(scratch.probe, options.binaryKey, line);
                default -> {}
            }
        }
        line.end();
        if (options.value) {
            line.value(number);
        }
    }

    /** {@code me}: how an item stands, for people. The slab class is the one memcached would have put the item in. */
    boolean debug(Scratch scratch, ByteBuf out) {
        table.counters.add(Counter.CMD_META);
        Item item = table.find(scratch.probe, scratch.now);
        if (item == null) {
            out.writeBytes(Replies.EN);
            return false;
        }
        LineWriter line = scratch.writer.to(out).reply(ReplyType.ME);
        out.writeByte(' ');
        if (item.binaryKey) {
            Base64Key.encode(item.key.bytes(), 0, item.key.length(), out);
        } else {
            out.writeBytes(item.key.bytes(), 0, item.key.length());
        }
        int size = item.memcachedSize();
        line.text(" exp=")
                .digits(item.expiry == StoreTime.NEVER ? -1 : item.expiry - scratch.now)
                .text(" la=")
                .digits(scratch.now - item.lastAccess)
                .text(" cas=")
                .unsignedDigits(item.cas)
                .text(item.fetched ? " fetch=yes" : " fetch=no")
                .text(" cls=")
                .digits(SlabClass.of(size, itemSizeLimit))
                .text(" size=")
                .digits(size)
                .end();
        return false;
    }
}
