package io.memroute.proxy.config.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of Lua source text with their places, as far as {@link ConstructorIndex} tells them apart. */
public final class LuaTokens {

    enum Kind {
        NAME,
        STRING,
        NUMBER,
        SYMBOL
    }

    /**
     * @param text a name, a string's content with its escapes as written, a number, or a symbol or block keyword
     * @param column of its first character, 1-based
     */
    record Token(Kind kind, String text, int line, int column) {

        /** Returns this token as a table key: a {@code Long} for a whole number, else the text. */
        Object key() {
            return kind == Kind.NUMBER && text.matches("\\d{1,18}") ? (Object) Long.parseLong(text) : text;
        }
    }

    /** Keywords that open or close a block; the others tell nothing about table constructors. */
    private static final Set<String> BLOCK_KEYWORDS = Set.of("function", "do", "if", "repeat", "end", "until");

    private static final Pattern TOKEN = Pattern.compile("""
            (?<space> \\s+ )
            | (?: (?<comment> -- )? \\[ (?<level> =* ) \\[ (?<long> (?s: .*? ) ) (?: \\] \\k<level> \\] | \\z ) )
            | (?<linecomment> --[^\\n]* )
            | (?<name> [A-Za-z_][A-Za-z0-9_]* )
            | (?<number> 0[xX][0-9A-Fa-f.pP+-]+ | \\.?[0-9][0-9A-Za-z.]* )
            | (?<string> "[^"\\\\\\n]*+ (?: \\\\(?s:.) [^"\\\\\\n]*+"
 + " )*+ "? | '[^'\\\\\\n]*+ (?: \\\\(?s:.) [^'\\\\\\n]*+ )*+ '? )
            | (?<symbol> == | ~= | <= | >= | (?s:.) )
            """, Pattern.COMMENTS);

    private LuaTokens() {}

    static List<Token> of(String source) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(source);
        int line = 1;
        int lineStart = 0;
        while (matcher.lookingAt()) {
            String text = matcher.group();
            int column = matcher.start() - lineStart + 1;
            if (matcher.group("name") != null) {
                tokens.add(new Token(BLOCK_KEYWORDS.contains(text) ? Kind.SYMBOL : Kind.NAME, text, line, column));
            } else if (matcher.group("number") != null) {
                tokens.add(new Token(Kind.NUMBER, text, line, column));
            } else if (matcher.group("string") != null) {
                boolean closed = text.length() > 1 && text.charAt(text.length() - 1) == text.charAt(0);
                tokens.add(new Token(Kind.STRING, text.substring(1, text.length() - (closed ? 1 : 0)), line, column));
            } else if (matcher.group("long") != null && matcher.group("comment") == null) {
                tokens.add(new Token(Kind.STRING, matcher.group("long"), line, column));
            } else if (matcher.group("symbol") != null) {
                tokens.add(new Token(Kind.SYMBOL, text, line, column));
            }
            int lastEnd = text.lastIndexOf('\n');
            if (lastEnd >= 0) {
                line += (int) text.chars().filter(c -> c == '\n').count();
                lineStart = matcher.start() + lastEnd + 1;
            }
            matcher.region(matcher.end(), source.length());
        }
        return tokens;
    }
}
