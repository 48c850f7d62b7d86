package io.memroute.lua.syntax;

/** The kinds of tokens. Single-character tokens are their own character code; these come above. */
final class Token {
    static final int AND = 257;
    static final int BREAK = 258;
    static final int DO = 259;
    static final int ELSE = 260;
    static final int ELSEIF = 261;
    static final int END = 262;
    static final int FALSE = 263;
    static final int FOR = 264;
    static final int FUNCTION = 265;
    static final int GOTO = 266;
    static final int IF = 267;
    static final int IN = 268;
    static final int LOCAL = 269;
    static final int NIL = 270;
    static final int NOT = 271;
    static final int OR = 272;
    static final int REPEAT = 273;
    static final int RETURN = 274;
    static final int THEN = 275;
    static final int TRUE = 276;
    static final int UNTIL = 277;
    static final int WHILE = 278;
    static final int IDIV = 279;
    static final int CONCAT = 280;
    static final int DOTS = 281;
    static final int EQ = 282;
    static final int GE = 283;
    static final int LE = 284;
    static final int NE = 285;
    static final int SHL = 286;
    static final int SHR = 287;
    static final int DBCOLON = 288;
    static final int EOS = 289;
    static final int FLOAT = 290;
    static final int INTEGER = 291;
    static final int NAME = 292;
    static final int STRING = 293;

    static final String[] TEXTS = {
        "and",
        "break",
        "do",
        "else",
        "elseif",
        "end",
        "false",
        "for",
        "function",
        "goto",
        "if",
        "in",
        "local",
        "nil",
        "not",
        "or",
        "repeat",
        "return",
        "then",
        "true",
        "until",
        "while",
        "//",
        "..",
        "...",
        "==",
        ">=",
        "<=",
        "~=",
        "<<",
        ">>",
        "::",
        "<eof>",
        "<number>",
        "<integer>",
        "<name>",
        "<string>"
    };

    static final int LAST_RESERVED = WHILE;

    private Token() {}

    /** The token as messages show it. */
    static String describe(int token) {
        if (token < AND) {
            return token >= 32 && token < 127 ? "'" + (char) token + "'" : "'<\\" + token + ">'";
        }
        String text = TEXTS[token - AND];
        return token < EOS ? "'" + text + "'" : text;
    }
}
