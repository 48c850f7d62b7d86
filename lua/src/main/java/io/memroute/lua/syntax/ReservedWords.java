package io.memroute.lua.syntax;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The words of the language, which are no names (manual, section 3.1). */
public final class ReservedWords {

    private static final Set<String> ALL =
            Arrays.stream(Token.TEXTS, 0, Token.LAST_RESERVED - Token.AND + 1).collect(Collectors.toUnmodifiableSet());

    private ReservedWords() {}

    public static boolean contains(String word) {
        return ALL.contains(word);
    }
}
