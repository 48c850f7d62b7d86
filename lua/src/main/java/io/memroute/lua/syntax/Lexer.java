package io.memroute.lua.syntax;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaString;
import io.memroute.lua.text.NumberReader;
import io.memroute.lua.text.WorkMeter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cuts source bytes into tokens (manual, section 3.1), one token of look-ahead. */
final class Lexer {
    private static final int END_OF_TEXT = -1;

    /** The time to read, parse and compile a token, in steps of compiled code; long tokens take more. */
    private static final int TOKEN_STEPS = 20;

    private static final int BYTES_PER_STEP = 8;

    private static final Map<LuaString, Integer> RESERVED = new HashMap<>();

    static {
        for (int t = Token.AND; t <= Token.LAST_RESERVED; t++) {
            RESERVED.put(LuaString.constant(Token.TEXTS[t - Token.AND]), t);
        }
    }

    /** The chunk's name as messages show it. */
    private final String chunk;

    private final Map<LuaString, LuaString> literals = new HashMap<>();
    private final byte[] source;
    private final WorkMeter meter;
    private int position;

    /** Up to where the meter has been told. */
    private int charged;

    /** The start of the token being read, which messages show as "near". */
    private int tokenStart;

    /** The byte at {@link #position} - 1 or END_OF_TEXT. */
    private int current;

    int token;

    @Nullable
    Object value;

    int line = 1;

    /** The line of the token consumed last. */
    int lastLine = 1;

    private int aheadToken = -1;
    private @Nullable Object aheadValue;
    private int aheadLine;

    Lexer(byte[] source, String chunk, WorkMeter meter) {
        this.source = source;
        this.chunk = chunk;
        this.meter = meter;
        advance();
    }

    private void advance() {
        current = position < source.length ? source[position] & 0xff : END_OF_TEXT;
        position++;
    }

    /** The start of the current token in the source. */
    int tokenStart() {
        return tokenStart;
    }

    /** Moves to the next token: {@link #token}, {@link #value}. */
    void next() {
        lastLine = line;
        meter.charge(TOKEN_STEPS + (position - charged) / BYTES_PER_STEP);
        charged = position;
        if (aheadToken >= 0) {
            token = aheadToken;
            value = aheadValue;
            line = aheadLine;
            aheadToken = -1;
        } else {
            token = read();
        }
    }

    /** The kind of the token after the current one. */
    int peek() {
        int t = token;
        Object v = value;
        int l = line;
        aheadToken = read();
        aheadValue = value;
        aheadLine = line;
        token = t;
        value = v;
        line = l;
        return aheadToken;
    }

    // ---- errors ----

    /** An error at the current token. */
    LuaError error(String message) {
        return error(message, token);
    }

    private LuaError error(String message, int near) {
        return new LuaError(
                LuaString.wrap(latin(chunk + ":" + line + ": " + message + (near == 0 ? "" : " near " + near(near)))));
    }

    /** An error of meaning, not of form: no "near". */
    LuaError semanticError(String message) {
        return new LuaError(LuaString.wrap(latin(chunk + ":" + line + ": " + message)));
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String near(int t) {
        return switch (t) {
            case Token.NAME, Token.STRING, Token.FLOAT, Token.INTEGER -> "'" + text() + "'";
            default -> Token.describe(t);
        };
    }

    /** The bytes of the current token as they stand in the source, one char each. */
    private String text() {
        int end = Math.min(position - 1, source.length);
        return new String(source, tokenStart, Math.max(0, end - tokenStart), StandardCharsets.ISO_8859_1);
    }

    // ---- tokens ----

    private int read() {
        value = null;
        while (true) {
            tokenStart = position - 1;
            int c = current;
            switch (c) {
                case '\n', '\r' -> newLine();
                case ' ', '\f', '\t', 0x0b -> advance();
                case '-' -> {
                    advance();
                    if (current != '-') {
                        return '-';
                    }
                    advance();
                    if (current == '[') {
                        int level = longBracketLevel();
                        if (level >= 0) {
                            longString(level, true);
                            continue;
                        }
                    }
                    while (current != '\n' && current != '\r' && current != END_OF_TEXT) {
                        advance();
                    }
                }
                case '[' -> {
                    int level = longBracketLevel();
                    if (level >= 0) {
                        longString(level, false);
                        return Token.STRING;
                    }
                    if (level == -2) {
                        throw error("invalid long string delimiter", Token.STRING);
                    }
                    return '[';
                }
                case '=' -> {
                    return either('=', Token.EQ, '=');
                }
                case '<' -> {
                    advance();
                    return current == '=' ? consume(Token.LE) : current == '<' ? consume(Token.SHL) : '<';
                }
                case '>' -> {
                    advance();
                    return current == '=' ? consume(Token.GE) : current == '>' ? consume(Token.SHR) : '>';
                }
                case '/' -> {
                    return either('/', Token.IDIV, '/');
                }
                case '~' -> {
                    return either('=', Token.NE, '~');
                }
                case ':' -> {
                    return either(':', Token.DBCOLON, ':');
                }
                case '"', '\'' -> {
                    quotedString(c);
                    return Token.STRING;
                }
                case '.' -> {
                    advance();
                    if (current == '.') {
                        advance();
                        return current == '.' ? consume(Token.DOTS) : Token.CONCAT;
                    }
                    return current >= '0' && current <= '9' ? numeral() : '.';
                }
                case END_OF_TEXT -> {
                    return Token.EOS;
                }
                default -> {
                    if (c >= '0' && c <= '9') {
                        return numeral();
                    }
                    if (nameStart(c)) {
                        return name();
                    }
                    advance();
                    return c;
                }
            }
        }
    }

    private int either(int second, int both, int alone) {
        advance();
        return current == second ? consume(both) : alone;
    }

    private int consume(int t) {
        advance();
        return t;
    }

    private void newLine() {
        int first = current;
        advance();
        if ((current == '\n' || current == '\r') && current != first) {
            advance();
        }
        if (++line >= Integer.MAX_VALUE) {
            throw error("chunk has too many lines", 0);
        }
    }

    private static boolean nameStart(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean hexDigit(int c) {
        return digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    private int name() {
        int start = position - 1;
        do {
            advance();
        } while (nameStart(current) || digit(current));
        LuaString s = LuaString.constant(LuaString.copyOf(source, start, position - 1 - start));
        value = s;
        Integer reserved = RESERVED.get(s);
        return reserved != null ? reserved : Token.NAME;
    }

    /**
     * Reads all that could belong to a numeral, then asks whether it is one: as C Lua, so that {@code 3x} is malformed.
     */
    private int numeral() {
        int first = current;
        boolean hex = false;
        if (source[tokenStart] == '.') {
            first = '.';
        } else {
            advance();
            if (first == '0' && (current == 'x' || current == 'X')) {
                hex = true;
                advance();
            }
        }
        while (true) {
            if (hex ? current == 'p' || current == 'P' : current == 'e' || current == 'E') {
                advance();
                if (current == '+' || current == '-') {
                    advance();
                }
            } else if (hexDigit(current) || current == '.') {
                advance();
            } else {
                break;
            }
        }
        if (nameStart(current)) {
            advance(); // Makes it malformed, and shows the culprit.
        }
        value = NumberReader.read(source, tokenStart, position - 1 - tokenStart);
        if (value == null) {
            throw error("malformed number", Token.FLOAT);
        }
        return value instanceof Long ? Token.INTEGER : Token.FLOAT;
    }

    /** The one object for all equal literals of this chunk, long ones included. */
    private LuaString shared(LuaString literal) {
        return literals.computeIfAbsent(literal, LuaString::constant);
    }

    /**
     * Reads the level of a long bracket at '[', whose first bracket is then consumed up to before the second; -1 for a
     * lone '[' (consumed); -2 for a lone "[=".
     */
    private int longBracketLevel() {
        advance();
        int level = 0;
        while (current == '=') {
            level++;
            advance();
        }
        return current == '[' ? level : level == 0 ? -1 : -2;
    }

    private void longString(int level, boolean comment) {
        int startLine = line;
        advance();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (current == '\n' || current == '\r') {
            newLine();
        }
        while (true) {
            switch (current) {
                case END_OF_TEXT ->
                    throw error(
                            "unfinished long " + (comment ? "comment" : "string") + " (starting at line " + startLine
                                    + ")",
                            Token.EOS);
                case ']' -> {
                    int from = position - 1;
                    advance();
                    int n = 0;
                    while (current == '=') {
                        n++;
                        advance();
                    }
                    if (current == ']' && n == level) {
                        advance();
                        if (!comment) {
                            value = shared(LuaString.wrap(out.toByteArray()));
                        }
                        return;
                    }
                    if (!comment) {
                        out.write(source, from, position - 1 - from);
                    }
                }
                case '\n', '\r' -> {
                    newLine();
                    if (!comment) {
                        out.write('\n');
                    }
                }
                default -> {
                    if (!comment) {
                        out.write(current);
                    }
                    advance();
                }
            }
        }
    }

    private void quotedString(int quote) {
        advance();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (current != quote) {
            switch (current) {
                case END_OF_TEXT -> throw error("unfinished string", Token.EOS);
                case '\n', '\r' -> throw error("unfinished string", Token.STRING);
                case '\\' -> escape(out);
                default -> {
                    out.write(current);
                    advance();
                }
            }
        }
        advance();
        value = shared(LuaString.wrap(out.toByteArray()));
    }

    private void escape(ByteArrayOutputStream out) {
        advance();
        int c = current;
        switch (c) {
            case 'a' -> plain(out, 7);
            case 'b' -> plain(out, 8);
            case 'f' -> plain(out, 12);
            case 'n' -> plain(out, 10);
            case 'r' -> plain(out, 13);
            case 't' -> plain(out, 9);
            case 'v' -> plain(out, 11);
            case '\\', '"', '\'' -> plain(out, c);
            case '\n', '\r' -> {
                newLine();
                out.write('\n');
            }
            case 'x' -> {
                advance();
                int high = hexInEscape();
                advance();
                int low = hexInEscape();
                advance();
                out.write(high << 4 | low);
            }
            case 'u' -> utf8Escape(out);
            case 'z' -> {
                advance();
                while (current == ' ' || current >= 9 && current <= 13) {
                    if (current == '\n' || current == '\r') {
                        newLine();
                    } else {
                        advance();
                    }
                }
            }
            case END_OF_TEXT -> {
                /* The loop of the string reports it. */
            }
            default -> {
                check(digit(c), "invalid escape sequence");
                int n = 0;
                for (int i = 0; i < 3 && digit(current); i++) {
                    n = n * 10 + current - '0';
                    advance();
                }
                check(n <= 255, "decimal escape too large");
                out.write(n);
            }
        }
    }

    private void plain(ByteArrayOutputStream out, int b) {
        out.write(b);
        advance();
    }

    /** Fails with the escape so far, the offending character included, as "near". */
    private void check(boolean ok, String message) {
        if (!ok) {
            if (current != END_OF_TEXT) {
                advance();
            }
            throw error(message, Token.STRING);
        }
    }

    private int hexInEscape() {
        check(hexDigit(current), "hexadecimal digit expected");
        return Character.digit(current, 16);
    }

    private void utf8Escape(ByteArrayOutputStream out) {
        advance();
        check(current == '{', "missing '{' in \\u{xxxx}");
        advance();
        long code = hexInEscape();
        advance();
        while (hexDigit(current)) {
            check(code <= 0x7FFFFFFF >> 4, "UTF-8 value too large");
            code = code << 4 | Character.digit(current, 16);
            advance();
        }
        check(current == '}', "missing '}' in \\u{xxxx}");
        advance();
        writeUtf8(out, (int) code);
    }

    /** UTF-8 in its original form, up to six bytes for 31 bits. */
    private static void writeUtf8(ByteArrayOutputStream out, int code) {
        if (code < 0x80) {
            out.write(code);
            return;
        }
        byte[] reversed = new byte[6];
        int n = 0;
        int rest = code;
        int firstLimit = 0x3f;
        do {
            reversed[n++] = (byte) (0x80 | rest & 0x3f);
            rest >>>= 6;
            firstLimit >>= 1;
        } while (rest > firstLimit);
        out.write(~firstLimit << 1 | rest);
        while (n > 0) {
            out.write(reversed[--n]);
        }
    }

    /** The name of a chunk as messages show it (luaO_chunkid, LUA_IDSIZE 60). */
    static String displayName(byte[] name) {
        int room = 59;
        int shown = name.length > 0 && name[0] == '@' ? name.length : Math.min(name.length, 2 * room);
        String s = new String(name, 0, shown, StandardCharsets.ISO_8859_1);
        if (s.startsWith("=")) {
            return s.substring(1, Math.min(s.length(), room + 1));
        }
        if (s.startsWith("@")) {
            return s.length() <= room + 1 ? s.substring(1) : "..." + s.substring(s.length() - (room - 3));
        }
        int lineEnd = s.indexOf('\n');
        int available = room - "[string \"".length() - "...".length() - "\"]".length();
        if (lineEnd < 0 && s.length() < available) {
            return "[string \"" + s + "\"]";
        }
        String first = lineEnd < 0 ? s : s.substring(0, lineEnd);
        return "[string \"" + first.substring(0, Math.min(first.length(), available)) + "...\"]";
    }
}
