package io.memroute.app.options;

import io.memroute.proxy.config.source.NearestName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Reads arguments the way GNU {@code getopt_long} does for memcached: clustered letters ({@code -vvA}), arguments
 * attached or apart ({@code -p11211}, {@code -p 11211}, {@code --port=11211}), long names cut short where that is
 * unambiguous, options and operands in any order, {@code --} before operands only. The messages are getopt's.
 */
final class GetOpt {

    /** Takes each option as it is met, so that an early {@code -h} wins over a later mistake. */
    interface Visitor {
        /**
         * @param argument the option's argument without leading white space, or "" if it has none
         * @return whether to go on
         */
        boolean option(ServerOption option, String argument) throws UsageException;

        boolean operand(String word) throws UsageException;
    }

    private final String program;
    private final Visitor visitor;

    /** @param program the name that messages begin with */
    GetOpt(String program, Visitor visitor) {
        this.program = program;
        this.visitor = visitor;
    }

    void read(List<String> arguments) throws UsageException {
        Iterator<String> words = arguments.iterator();
        boolean onlyOperands = false;
        boolean more = true;
        while (more && words.hasNext()) {
            String word = words.next();
            if (onlyOperands || !word.startsWith("-") || word.equals("-")) {
                more = visitor.operand(word);
            } else if (word.equals("--")) {
                onlyOperands = true;
            } else if (word.startsWith("--")) {
                more = longOption(word.substring(2), words);
            } else {
                more = letters(word, words);
            }
        }
    }

    private boolean letters(String word, Iterator<String> words) throws UsageException {
        for (int i = 1; i < word.length(); i++) {
            char letter = word.charAt(i);
            ServerOption option =
                    ServerOption.withLetter(letter).orElseThrow(() -> illegal("invalid option -- '" + letter + "'"));
            if (option.argument() != ServerOption.Argument.REQUIRED) {
                if (!visitor.option(option, "")) {
                    return false;
                }
                continue;
            }
            String rest = word.substring(i + 1);
            if (rest.isEmpty()) {
                if (!words.hasNext()) {
                    throw illegal("option requires an argument -- '" + letter + "'");
                }
                rest = words.next();
            }
            return visitor.option(option, rest.stripLeading());
        }
        return true;
    }

    private boolean longOption(String text, Iterator<String> words) throws UsageException {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        ServerOption option = byLongName(name);
        String fullName = option.longName().orElseThrow();
        if (equals >= 0) {
            if (option.argument() == ServerOption.Argument.NONE) {
                throw illegal("option '--" + fullName + "' doesn't allow an argument");
            }
            return visitor.option(option, text.substring(equals + 1).stripLeading());
        }
        if (option.argument() != ServerOption.Argument.REQUIRED) {
            return visitor.option(option, "");
        }
        if (!words.hasNext()) {
            throw illegal("option '--" + fullName + "' requires an argument");
        }
        return visitor.option(option, words.next().stripLeading());
    }

    private ServerOption byLongName(String name) throws UsageException {
        List<ServerOption> candidates = new ArrayList<>();
        for (ServerOption option : ServerOption.values()) {
            Optional<String> longName = option.longName();
            if (longName.isEmpty()) {
                continue;
            }
            if (longName.get().equals(name)) {
                return option;
            }
            if (longName.get().startsWith(name)) {
                candidates.add(option);
            }
        }
        if (candidates.isEmpty()) {
            throw illegal("unrecognized option '--" + name + "'" + nearest(name));
        }
        if (candidates.size() > 1) {
            StringBuilder message = new StringBuilder("option '--" + name + "' is ambiguous; possibilities:");
            candidates.forEach(candidate -> message.append(" '--")
                    .append(candidate.longName().orElseThrow())
                    .append('\''));
            throw illegal(message.toString());
        }
        return candidates.getFirst();
    }

    private String nearest(String name) {
        List<String> known = new ArrayList<>();
        for (ServerOption option : ServerOption.values()) {
            option.longName().ifPresent(longName -> known.add("--" + longName));
        }
        String hint = NearestName.hint("--" + name, known);
        return hint.isEmpty() ? "; " + program + " -h lists the options" : hint;
    }

    /** getopt's line. The one that memcached adds, {@code Illegal argument "?"}, names nothing. */
    private UsageException illegal(String message) {
        return new UsageException(ExitStatus.FAILURE, program + ": " + message);
    }
}
