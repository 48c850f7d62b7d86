package io.memroute.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A view on one received command line: its command and the places of its parts, as absolute indexes into
 * {@link #buffer()}. Filled by {@link RequestParser}, reused for request after request; owned by one thread.
 *
 * <p>Nothing here keeps the bytes alive: the view is good until the parser fills it again or the buffer's bytes are
 * moved or released. A value, if the command has one, begins at {@link #end()} and may not have arrived yet.
 */
public final class Request {
    /** Tokens with a known place. Keys of a longer multiget are reached with {@link #nextKey}. */
    public static final int INDEXED_TOKENS = TokenLine.INDEXED;

    /** The longest key memcached takes, in bytes; for base64 keys both as sent and decoded. */
    public static final int MAX_KEY_LENGTH = 250;

    /** The line that was parsed into this last. */
    private @Nullable TokenLine parsed;

    /** The line that this is a view on: the parsed one, or that of the multiget that this is a key of. */
    @SuppressWarnings("NullAway.Init") // nothing is asked before there is a line
    TokenLine line;

    Command command = Command.UNKNOWN;

    @Nullable
    RequestError error;

    int keyIndex;
    int keyLength;
    int keyCount;
    int valueLength = -1;
    int flagsFrom;
    long flagMask;
    boolean unknownFlags;
    boolean noreply;
    int prefixLength;

    /** The line for a parser to fill, which this becomes a view on. */
    TokenLine lineToParse() {
        TokenLine own = parsed;
        if (own == null) {
            own = new TokenLine();
            parsed = own;
        }
        line = own;
        return own;
    }

    /** The buffer all indexes point into. */
    public ByteBuf buffer() {
        return line.buffer;
    }

    /** First byte of the line. */
    public int start() {
        return line.start;
    }

    /** After the last byte of the line, the line end excluded. */
    public int lineEnd() {
        return line.lineEnd;
    }

    /** After the line's {@code '\n'}: where a value begins, or the next request if there is none. */
    public int end() {
        return line.end;
    }

    /**
     * Whether the line consists of its tokens with one space between two, and ends with {@code \r\n}. False for a key
     * of a multiget, whose line has further keys.
     */
    public boolean singleSpaced() {
        return prefixLength == 0 && line.singleSpaced && line.end - line.lineEnd == 2;
    }

    public Command command() {
        return command;
    }

    /** First byte of the (first) key; meaningful if {@link #keyLength()} is not 0. */
    public int keyIndex() {
        return keyIndex;
    }

    /** Length of the (first) key as sent, base64 text included; 0 if the request has no key. */
    public int keyLength() {
        return keyLength;
    }

    /** The number of keys: more than 1 only for {@code get}, {@code gets}, {@code gat} and {@code gats}. */
    public int keyCount() {
        return keyCount;
    }

    public boolean multiKey() {
        return keyCount > 1;
    }

    /**
     * Steps through the keys of a multiget.
     *
     * @param after the end of the key before (its index plus its length)
     * @return the first byte of the next key, or -1 after the last; its end is {@link #keyEnd(int)}
     */
    public int nextKey(int after) {
        int i = after;
        int end = line.lineEnd;
        while (i < end && line.buffer.getByte(i) == ' ') {
            i++;
        }
        return i < end ? i : -1;
    }

    /** After the last byte of the key of a multiget that begins at {@code keyIndex}. */
    public int keyEnd(int keyIndex) {
        int space = Bytes.indexOf(line.buffer, keyIndex, line.lineEnd, (byte) ' ');
        return space < 0 ? line.lineEnd : space;
    }

    /**
     * Makes this a view on one key of a multiget, as if the client had asked for that key alone. The line stays the
     * whole multiget's: what a server is sent is {@link #prefixLength()} bytes from {@link #start()}, the key, and a
     * line end. Nothing of the line is copied, so this is good as long as the multiget is.
     *
     * @param keyIndex where the key begins, found with {@link #nextKey}
     */
    public void setKeyOf(Request multiget, int keyIndex, int keyLength) {
        this.line = multiget.line;
        this.command = multiget.command;
        this.error = null;
        this.keyIndex = keyIndex;
        this.keyLength = keyLength;
        this.keyCount = 1;
        this.valueLength = -1;
        this.flagsFrom = 0;
        this.flagMask = 0;
        this.unknownFlags = false;
        this.noreply = false;
        this.prefixLength = multiget.keyIndex - multiget.line.start;
    }

    /** Whether this is a view on one key of a multiget. */
    public boolean partOfMultiget() {
        return prefixLength != 0;
    }

    /**
     * Length of what stands before the first key of the multiget this is a part of, the space included; 0 if it is
     * none.
     */
    public int prefixLength() {
        return prefixLength;
    }

    /** Whether both are views on the same received line. */
    public boolean sameLine(Request other) {
        return line.buffer == other.line.buffer && line.start == other.line.start;
    }

    /** The number of indexed tokens, the command word included: at most {@link #INDEXED_TOKENS}. */
    public int tokenCount() {
        return partOfMultiget() ? command.keyToken() + 1 : line.indexed();
    }

    /** The number of tokens on the line, indexed or not. */
    public int totalTokenCount() {
        return partOfMultiget() ? command.keyToken() + 1 : line.total;
    }

    /** First byte of a token; {@code token} counts from 0 (the command word) and is below {@link #tokenCount()}. */
    public int tokenIndex(int token) {
        return isKeyOfMultiget(token) ? keyIndex : line.tokenStart(token);
    }

    public int tokenLength(int token) {
        return isKeyOfMultiget(token) ? keyLength : line.tokenLength(token);
    }

    /** Whether the token is the key that this is a view on, whichever token of the whole line that is. */
    private boolean isKeyOfMultiget(int token) {
        return partOfMultiget() && token == command.keyToken();
    }

    /**
     * Whether a classic command ends with the option {@code noreply}. A key is never taken for the option: in
     * {@code get noreply} and {@code delete noreply} it is a key.
     */
    public boolean noreply() {
        return noreply;
    }

    /** Whether a meta command has the flag {@code q}. */
    public boolean quiet() {
        return hasFlag('q');
    }

    /**
     * Whether the client does not want a reply of that type. With {@code noreply} that is any, errors included: a
     * client that does not read an answer would take it for the answer to its next request. With {@code q} it is the
     * one that means that all is well; {@code me} has no quiet mode.
     *
     * @see "memcached 1.6.45, out_string and the meta commands"
     */
    public boolean silences(ReplyType type) {
        if (noreply) {
            return true;
        }
        return quiet()
                && switch (type) {
                    case EN -> command != Command.ME;
                    case HD, VA -> command != Command.MG;
                    default -> false;
                };
    }

    /** Whether a meta command says (flag {@code b}) that its key is base64 text of a binary key. */
    public boolean base64Key() {
        return hasFlag('b');
    }

    /** Whether a meta command has this flag; {@code letter} is one of {@code A} to {@code z}. */
    public boolean hasFlag(int letter) {
        return MetaFlags.contains(flagMask, letter);
    }

    /** Whether the command may change the item of its key: its value, its time to live, or that it is there. */
    public boolean changesItem() {
        return switch (command) {
            case GET, GETS, ME -> false;
            case MG -> (flagMask & MetaFlags.CHANGING_ON_GET) != 0;
            default -> true;
        };
    }

    /** All flags at once: bit {@code letter - 'A'} for each. 0 for classic commands. */
    public long flagMask() {
        return flagMask;
    }

    /**
     * Whether a meta command has flags that memcached 1.6.45 does not know. Such a line is no error here, because a
     * server behind a proxy may know more; memcached itself answers {@link RequestError#INVALID_FLAG}.
     */
    public boolean hasUnknownFlags() {
        return unknownFlags;
    }

    /** The first token that is a flag (2, or 3 for {@code ms}); 0 for classic commands. */
    public int firstFlagToken() {
        return flagsFrom;
    }

    /** The place of the text behind a flag's letter, in the buffer; -1 if the request does not have the flag. */
    public int flagTokenIndex(int letter) {
        int token = hasFlag(letter) ? line.tokenWithFirstByte(flagsFrom, letter) : -1;
        return token < 0 ? -1 : line.tokenStart(token) + 1;
    }

    /** The length of the text behind a flag's letter; 0 if there is none, -1 if the request does not have the flag. */
    public int flagTokenLength(int letter) {
        int token = hasFlag(letter) ? line.tokenWithFirstByte(flagsFrom, letter) : -1;
        return token < 0 ? -1 : line.tokenLength(token) - 1;
    }

    /**
     * The declared length of the value, its {@code \r\n} not counted; -1 if no value follows. In a malformed request it
     * tells how much to skip: if it is not -1, {@link #valueBytes()} bytes from {@link #end()} belong to the request.
     */
    public int valueLength() {
        return valueLength;
    }

    /** Bytes of the value that follows, its {@code \r\n} included; 0 if no value follows. */
    public int valueBytes() {
        return valueLength < 0 ? 0 : valueLength + Replies.CRLF_BYTES;
    }

    /** The error of a malformed line; a good one has none. */
    public @Nullable RequestError error() {
        return error;
    }

    /**
     * Whether all that is wrong with a malformed meta request is the text behind a flag. A server answers such a
     * request, as any other of its command, with one line, and knows where it ends.
     */
    public boolean onlyFlagTextWrong() {
        return error != null && RequestRules.onlyFlagTextWrong(line, this);
    }
}
