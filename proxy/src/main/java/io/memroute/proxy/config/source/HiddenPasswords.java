package io.memroute.proxy.config.source;

import java.util.regex.Pattern;

/** Hides the passwords in a line of a configuration, for those who are shown the line. */
final class HiddenPasswords {

    /**
     * A string that is given to a name which ends like "password", as in {@code password = "secret"}. The line of a
     * misspelt name is shown more often than any other.
     */
    private static final Pattern GIVEN =
            Pattern.compile("(?i)(?<=(?:pass?|pwd|secret)[a-z]{0,9}[\"']?\\]?\\s{0,20}=\\s{0,20})"
                    + "(?:\"(?:\\\\.|[^\"\\\\])*+\"?|'(?:\\\\.|[^'\\\\])*+'?|\\[=*\\[.*)(?:\\s*\\.\\..*)?");

    private HiddenPasswords() {}

    /** The line with stars in place of them, as many as it had characters: columns stay where they are. */
    static String in(String line) {
        return GIVEN.matcher(line).replaceAll(given -> "*".repeat(given.group().length()));
    }
}
