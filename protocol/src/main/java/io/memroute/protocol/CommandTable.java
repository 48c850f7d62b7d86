package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Finds the {@link Command} of a word by comparing its first eight bytes as one number.
 *
 * <p>Open addressing in a table of 128 slots; the multiplier was searched so that no two words of up to eight bytes
 * share a slot, so a lookup is one multiplication and one comparison. The words longer than eight bytes are told apart
 * byte by byte: they are administration commands.
 */
final class CommandTable {
    private static final int SLOTS = 128;
    private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);
    private static final long MULTIPLIER = findMultiplier();

    private static final long[] WORDS = new long[SLOTS];
    /** Zero bytes pad a packed word, and could also be part of what a client sent: the length tells them apart. */
    private static final int[] LENGTHS = new int[SLOTS];

    private static final Command[] COMMANDS = new Command[SLOTS];
    private static final Command[] LONG_WORDS = {
        Command.FLUSH_ALL, Command.VERBOSITY, Command.LRU_CRAWLER, Command.REFRESH_CERTS, Command.CACHE_MEMLIMIT
    };

    static {
        for (Command command : Command.values()) {
            if (isShort(command)) {
                int slot = slot(pack(command), MULTIPLIER);
                WORDS[slot] = pack(command);
                LENGTHS[slot] = command.bytes().length;
                COMMANDS[slot] = command;
            }
        }
    }

    private CommandTable() {}

    /**
     * The command of the word {@code [from, from + length)}.
     *
     * @param head the first eight bytes of the line, little endian, zero padded
     */
    static Command find(ByteBuf buffer, int from, int length, long head) {
        if (length <= Long.BYTES) {
            if (length == 0) {
                return Command.UNKNOWN;
            }
            long word = head & (-1L >>> (Long.SIZE - length * Byte.SIZE));
            int slot = slot(word, MULTIPLIER);
            return WORDS[slot] == word && LENGTHS[slot] == length ? COMMANDS[slot] : Command.UNKNOWN;
        }
        for (Command command : LONG_WORDS) {
            if (Bytes.equal(buffer, from, length, command.bytes())) {
                return command;
            }
        }
        return Command.UNKNOWN;
    }

    private static boolean isShort(Command command) {
        return command != Command.UNKNOWN && command.bytes().length <= Long.BYTES;
    }

    private static int slot(long word, long multiplier) {
        return (int) ((word * multiplier) >>> SHIFT);
    }

    private static long pack(Command command) {
        long packed = 0;
        byte[] bytes = command.bytes();
        for (int i = 0; i < bytes.length; i++) {
            packed |= (long) bytes[i] << (i * Byte.SIZE);
        }
        return packed;
    }

    /**
     * Takes the first odd multiple of the golden ratio under which no two words collide: a few thousand tries, once.
     */
    private static long findMultiplier() {
        for (long candidate = 0x9E3779B97F4A7C15L; ; candidate += 0x9E3779B97F4A7C16L) {
            boolean[] taken = new boolean[SLOTS];
            boolean collides = false;
            for (Command command : Command.values()) {
                if (isShort(command)) {
                    int slot = slot(pack(command), candidate);
                    collides |= taken[slot];
                    taken[slot] = true;
                }
            }
            if (!collides) {
                return candidate;
            }
        }
    }
}
