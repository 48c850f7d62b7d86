package io.memroute.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Adds to and subtracts from stored numbers: {@code incr}, {@code decr} and {@code ma}. 64 bits without sign: adding
 * wraps around, subtracting stops at 0. The caller holds the key's lock.
 */
final class Counting {
    /** The outcome of an attempt to count. */
    enum Result {
        OK,
        NOT_FOUND,
        CAS_MISMATCH,
        NOT_A_NUMBER
    }

    /** memcached takes no value for a number that it keeps in several chunks. */
    private static final int LONGEST_NUMBER = 512 * 1024 - 64;

    private final ItemTable table;

    Counting(ItemTable table) {
        this.table = table;
    }

    /**
     * Counts; {@link Scratch#number} is then the new number and {@link Scratch#item} the item.
     *
     * @param requestCas the CAS the item must have; 0 for any
     */
    Result count(boolean up, long delta, long requestCas, Scratch scratch) {
        scratch.item = null;
        Item old = table.find(scratch.probe, scratch.now);
        if (old == null) {
            return Result.NOT_FOUND;
        }
        if (old.value.length == 0 || old.value.length > LONGEST_NUMBER) {
            return Result.NOT_A_NUMBER;
        }
        if (requestCas != 0 && old.cas != requestCas) {
            return Result.CAS_MISMATCH;
        }
        if (!StoredNumber.isNumber(old.value)) {
            return Result.NOT_A_NUMBER;
        }
        long number = StoredNumber.parse(old.value);
        if (up) {
            number += delta;
        } else {
            number = Long.compareUnsigned(delta, number) > 0 ? 0 : number - delta;
        }
        table.counters.add(up ? Counter.INCR_HITS : Counter.DECR_HITS);
        scratch.number = number;
        scratch.item = replace(old, number, scratch.now);
        return Result.OK;
    }

    /** Stores the initial number of a {@code ma} that found nothing to count; its expiry is set afterwards. */
    Item create(MetaOptions options, Scratch scratch) {
        long cas = options.hasNewCas ? options.newCas : table.nextCas();
        Item item = new Item(
                scratch.probe.copy(),
                digits(options.initial),
                0,
                options.binaryKey,
                StoreTime.NEVER,
                cas,
                table.nextSequence(),
                scratch.now);
        table.put(item);
        return item;
    }

    static byte[] digits(long unsigned) {
        return Long.toUnsignedString(unsigned).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * A number with no more digits than the value has bytes is written into it, filled up with spaces, and the item
     * stays the same one. A longer number makes a new item.
     */
    private Item replace(Item old, long number, int now) {
        byte[] digits = digits(number);
        boolean fits = digits.length <= old.value.length;
        byte[] value = digits;
        if (digits.length < old.value.length) {
            value = Arrays.copyOf(digits, old.value.length);
            Arrays.fill(value, digits.length, value.length, (byte) ' ');
        }
        Item item = new Item(
                old.key, value, old.clientFlags, old.binaryKey, old.expiry, table.nextCas(), table.nextSequence(), now);
        if (fits) {
            item.takeMarks(old);
            table.replaceInPlace(item);
        } else {
            table.put(item);
        }
        return item;
    }
}
