package io.memroute.proxy.stats;

import io.memroute.protocol.Command;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kind of work that a command asks for: coarse enough that each kind has a latency of its own in every display. The
 * meta commands are with the classic ones that do the same.
 */
public enum CommandClass {
    /** {@code get gets gat gats mg me}. */
    GET(ReplyKind.HIT, ReplyKind.MISS),
    /** {@code set add replace append prepend cas ms}. */
    STORE(ReplyKind.STORED, ReplyKind.NOT_STORED, ReplyKind.EXISTS, ReplyKind.NOT_FOUND),
    /** {@code delete md}. */
    DELETE(ReplyKind.OK, ReplyKind.NOT_FOUND, ReplyKind.EXISTS),
    /** {@code incr decr ma}. */
    ARITHMETIC(ReplyKind.OK, ReplyKind.NOT_FOUND, ReplyKind.NOT_STORED, ReplyKind.EXISTS),
    /** {@code touch}. */
    TOUCH(ReplyKind.OK, ReplyKind.NOT_FOUND);

    private static final @Nullable CommandClass[] BY_COMMAND = new CommandClass[Command.values().length];

    static {
        for (Command command : Command.values()) {
            BY_COMMAND[command.ordinal()] = classify(command);
        }
    }

    private final Set<ReplyKind> outcomes;

    CommandClass(ReplyKind... outcomes) {
        this.outcomes = EnumSet.of(ReplyKind.ERROR, outcomes);
    }

    private static @Nullable CommandClass classify(Command command) {
        return switch (command) {
            case GET, GETS, GAT, GATS, MG, ME -> GET;
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS, MS -> STORE;
            case DELETE, MD -> DELETE;
            case INCR, DECR, MA -> ARITHMETIC;
            case TOUCH -> TOUCH;
            default -> null;
        };
    }

    /** The class of a command; {@code mn} and commands about the server have none. */
    public static @Nullable CommandClass of(Command command) {
        return BY_COMMAND[command.ordinal()];
    }

    /** The outcomes that such commands can have. */
    public Set<ReplyKind> outcomes() {
        return Collections.unmodifiableSet(outcomes);
    }

    /** The outcomes that the command with that word can have; none for {@code mn} and for unknown words. */
    public static Set<ReplyKind> outcomes(String word) {
        return Arrays.stream(Command.values())
                .filter(command -> command.word().equals(word))
                .map(CommandClass::of)
                .filter(Objects::nonNull)
                .findFirst()
                .map(CommandClass::outcomes)
                .orElse(Set.of());
    }

    /** The word in metrics, {@code stats latency} and the API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
