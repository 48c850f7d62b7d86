package io.memroute.proxy.config.source;

import io.memroute.proxy.config.SourceLocation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the comma whose absence Lua reports in other words: it names the token after the gap, which may be lines
 * further down, or takes the two values for a call.
 */
public final class MissingComma {

    private static final Pattern NOT_CLOSED = Pattern.compile(
            "'[})]' expected(?: \\(to close '[{(]' at line \\d+\\))? near '(?<near>.+)'$", Pattern.DOTALL);

    /** Values that can't be called, but for nil, which is a name mistyped. */
    private static final Pattern NO_FUNCTION =
            Pattern.compile("attempt to call an? (?!nil\\b)\\w+ value(?: \\(\\w+ '(?<name>[^']+)'\\))?$");

    private static final Set<String> CLOSERS = Set.of("}", ")", "]", "end");

    private static final Set<String> STATEMENTS =
            Set.of("local", "return", "for", "while", "goto", "break", "settings", "pools", "routes", "test");

    private MissingComma() {}

    /**
     * The place behind which a comma is missing and the message that says so; empty if the message is about something
     * else.
     *
     * @param tokens of the file
     * @param line that Lua named
     */
    static Optional<SourceFiles.Located> find(String message, String file, int line, List<LuaTokens.Token> tokens) {
        Matcher notClosed = NOT_CLOSED.matcher(message);
        if (notClosed.find()) {
            return gap(tokens, line, notClosed.group("near"))
                    .map(after -> new SourceFiles.Located(
                            endOf(tokens.get(after), file),
                            "a comma is missing between " + shown(tokens.get(after)) + " and "
                                    + shown(tokens.get(after + 1))
                                    + (tokens.get(after + 1).line()
                                                    > tokens.get(after).line()
                                            ? " in line "
                                                    + tokens.get(after + 1).line()
                                            : "")));
        }
        Matcher noFunction = NO_FUNCTION.matcher(message);
        if (noFunction.find()) {
            return call(tokens, line, noFunction.group("name"))
                    .map(after -> new SourceFiles.Located(
                            endOf(tokens.get(after), file),
                            message + "; is a comma missing between " + shown(tokens.get(after)) + " and "
                                    + shown(tokens.get(after + 1)) + "?"));
        }
        return Optional.empty();
    }

    /** The index of the token before the gap. */
    private static Optional<Integer> gap(List<LuaTokens.Token> tokens, int line, String near) {
        for (int i = 1; i < tokens.size(); i++) {
            LuaTokens.Token token = tokens.get(i);
            if (token.line() != line || !token.text().equals(near) && !isString(token, near)) {
                continue;
            }
            int before = near.equals("=") ? beforeBracket(tokens, i - 1) : i - 1;
            if (before >= 0 && endsValue(tokens.get(before)) && beginsItem(tokens.get(before + 1))) {
                return Optional.of(before);
            }
        }
        return Optional.empty();
    }

    /** Finds the value before {@code ["key"] =}, where that was taken for an index of it. */
    private static int beforeBracket(List<LuaTokens.Token> tokens, int closer) {
        if (!tokens.get(closer).text().equals("]")) {
            return -1;
        }
        int opener = closer;
        while (opener > 0 && !tokens.get(opener).text().equals("[")) {
            opener--;
        }
        return opener - 1;
    }

    private static Optional<Integer> call(List<LuaTokens.Token> tokens, int line, String name) {
        for (int i = 1; i < tokens.size(); i++) {
            LuaTokens.Token before = tokens.get(i - 1);
            boolean called = name != null
                    ? before.kind() == LuaTokens.Kind.NAME && before.text().equals(name)
                    : CLOSERS.contains(before.text());
            if (tokens.get(i).line() == line
                    && called
                    && (tokens.get(i).kind() == LuaTokens.Kind.STRING
                            || tokens.get(i).text().equals("{"))) {
                return Optional.of(i - 1);
            }
        }
        return Optional.empty();
    }

    private static boolean endsValue(LuaTokens.Token token) {
        return token.kind() != LuaTokens.Kind.SYMBOL || CLOSERS.contains(token.text());
    }

    /** A statement that begins in a table means that the table's end is missing, not a comma. */
    private static boolean beginsItem(LuaTokens.Token token) {
        if (token.kind() == LuaTokens.Kind.NAME) {
            return !STATEMENTS.contains(token.text());
        }
        return token.kind() != LuaTokens.Kind.SYMBOL
                || token.text().equals("{")
                || token.text().equals("[");
    }

    private static SourceLocation endOf(LuaTokens.Token token, String file) {
        return new SourceLocation(
                file, token.line(), token.column() + written(token).length());
    }

    private static boolean isString(LuaTokens.Token token, String near) {
        return token.kind() == LuaTokens.Kind.STRING
                && near.length() == token.text().length() + 2
                && near.startsWith(token.text(), 1);
    }

    private static String written(LuaTokens.Token token) {
        return token.kind() == LuaTokens.Kind.STRING ? '"' + token.text() + '"' : token.text();
    }

    private static String shown(LuaTokens.Token token) {
        return token.kind() == LuaTokens.Kind.STRING ? LuaValues.quote(token.text()) : token.text();
    }
}
