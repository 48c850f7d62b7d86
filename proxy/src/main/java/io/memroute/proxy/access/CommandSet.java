package io.memroute.proxy.access;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sets of commands, as rules name them and requests need them: one bit for each command. A command that reads an item
 * and changes it has two, and a client needs the right to both.
 */
public final class CommandSet {

    /** The bits of commands that read and change, beyond the highest number of a command: the changing part. */
    private static final long CHANGING_GAT = 1L << 40;

    private static final long CHANGING_GATS = 1L << 41;
    private static final long CHANGING_MG = 1L << 42;

    /** The commands that anybody may use, as they tell nothing and keep a client in step. */
    private static final long OPEN = bit(Command.MN) | bit(Command.QUIT) | bit(Command.VERSION);

    /** The class of commands that only read. */
    static final String GET = "get";
    /** The class of commands that change when an item ends. */
    static final String TOUCH = "touch";
    /** Every command. */
    static final String ALL = "all";

    private static final Map<String, Long> CLASSES = classes();
    private static final Map<String, Long> WORDS = words();

    private CommandSet() {}

    private static long bit(Command command) {
        return 1L << command.id();
    }

    private static long bits(Command... commands) {
        long bits = 0;
        for (Command command : commands) {
            bits |= bit(command);
        }
        return bits;
    }

    private static Map<String, Long> classes() {
        Map<String, Long> classes = new LinkedHashMap<>();
        classes.put(GET, bits(Command.GET, Command.GETS, Command.GAT, Command.GATS, Command.MG, Command.ME));
        classes.put(TOUCH, bit(Command.TOUCH) | CHANGING_GAT | CHANGING_GATS | CHANGING_MG);
        classes.put(
                "store",
                bits(
                        Command.SET,
                        Command.ADD,
                        Command.REPLACE,
                        Command.APPEND,
                        Command.PREPEND,
                        Command.CAS,
                        Command.MS));
        classes.put("delete", bits(Command.DELETE, Command.MD));
        classes.put("arithmetic", bits(Command.INCR, Command.DECR, Command.MA));
        classes.put("meta", bits(Command.MG, Command.MS, Command.MD, Command.MA, Command.ME) | CHANGING_MG);
        long admin = 0;
        for (Command command : Command.values()) {
            if (command != Command.UNKNOWN && !command.isStorage()) {
                admin |= bit(command) & ~OPEN;
            }
        }
        classes.put("admin", admin);
        classes.put(ALL, -1L);
        return classes;
    }

    private static Map<String, Long> words() {
        Map<String, Long> words = new LinkedHashMap<>(CLASSES);
        for (Command command : Command.values()) {
            if (command != Command.UNKNOWN && (bit(command) & OPEN) == 0) {
                words.putIfAbsent(command.word(), bit(command) | changing(command));
            }
        }
        return words;
    }

    private static long changing(Command command) {
        return switch (command) {
            case GAT -> CHANGING_GAT;
            case GATS -> CHANGING_GATS;
            case MG -> CHANGING_MG;
            default -> 0;
        };
    }

    /** The words that rules may have: classes first, then single commands. */
    public static List<String> known() {
        return List.copyOf(WORDS.keySet());
    }

    /** Returns whether the word is a command that anybody may use, whatever the rules are. */
    public static boolean isOpen(String word) {
        for (Command command : Command.values()) {
            if (command.word().equals(word)) {
                return (bit(command) & OPEN) != 0;
            }
        }
        return false;
    }

    /** The set that a word means; empty if it is not known. */
    public static Optional<Long> named(String word) {
        return Optional.ofNullable(WORDS.get(word));
    }

    /** The set that all the words mean, which are known. */
    static long named(List<String> words) {
        long bits = 0;
        for (String word : words) {
            bits |= named(word).orElseThrow(() -> new IllegalArgumentException("no command \"" + word + "\""));
        }
        return bits;
    }

    /** The commands that are about the server and have no key. */
    static long keyless() {
        return named(List.of("admin"));
    }

    /** The set of which a request needs the right to every member; none if anybody may send it. */
    static long neededBy(Request request) {
        Command command = request.command();
        long needed = bit(command) & ~OPEN;
        return switch (command) {
            case GAT, GATS -> needed | changing(command);
            // Of flags that are not known here it is not known that they change nothing.
            case MG -> request.changesItem() || request.hasUnknownFlags() ? needed | CHANGING_MG : needed;
            default -> needed;
        };
    }

    /** The parts of what a request needs, each a set of one. */
    static List<Long> partsOf(long needed) {
        List<Long> parts = new ArrayList<>();
        for (long left = needed; left != 0; left &= left - 1) {
            parts.add(Long.lowestOneBit(left));
        }
        return parts;
    }

    /** Returns whether a set of one is the changing part of a command that also reads. */
    static boolean changes(long part) {
        return (part & (CHANGING_GAT | CHANGING_GATS | CHANGING_MG)) != 0;
    }
}
