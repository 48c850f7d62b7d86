package io.memroute.proxy.access;

import java.util.List;
import java.util.Objects;

/**
 * A rule about what clients may do.
 *
 * @param who the clients it is about, each known by one of these names
 * @param allows whether it allows the commands or refuses them
 * @param commands words of {@link CommandSet}
 * @param keys prefixes of the keys that it is about; none for all keys, and for commands without any
 * @param where its place in the files
 */
public record AccessRule(
        List<IdentityName> who, boolean allows, List<String> commands, List<String> keys, RulePlace where) {

    /** @throws IllegalArgumentException if a word is no command */
    public AccessRule {
        who = List.copyOf(who);
        commands = List.copyOf(commands);
        keys = List.copyOf(keys);
        Objects.requireNonNull(where, "where");
        CommandSet.named(commands);
    }

    /** The commands as a set. */
    long bits() {
        return CommandSet.named(commands);
    }

    /** Whether the rule decides all that a later one is about, so that the later one never does. */
    public boolean covers(AccessRule later) {
        return (who.contains(IdentityName.ANYONE) || who.containsAll(later.who))
                && (later.reach() & ~reach()) == 0
                && (keys.isEmpty()
                        || !later.keys.isEmpty()
                                && later.keys.stream()
                                        .allMatch(key -> keys.stream().anyMatch(key::startsWith)));
    }

    /** Whether it can never decide: it is about keys, and about commands that have none. */
    public boolean isVoid() {
        return reach() == 0;
    }

    /** The commands that it can decide on. */
    private long reach() {
        return keys.isEmpty() ? bits() : bits() & ~CommandSet.keyless();
    }
}
