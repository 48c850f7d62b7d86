package io.memroute.proxy.backend.line;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the line that a backend is sent for a request. No other class writes such lines. Whatever a client, a route or
 * a Lua function has written, a canonical line leaves: one that every memcached from 1.4 on reads with the same key and
 * answers exactly once. Replies are matched to requests by their order alone, so a line that is answered twice, or not
 * at all, would give every later reply on the connection to the wrong client.
 *
 * <p>A canonical line has its tokens separated by single spaces, ends with {@code \r\n}, has exactly the arguments of
 * its command, and neither {@code noreply} nor the flag {@code q}. A request that came so is copied; any other is
 * written anew. A request without a canonical line is {@linkplain #refusal refused}.
 *
 * <p>Two requests need care. {@code delete noreply} is the key {@code noreply} to some versions, and the option to
 * others: it goes out as {@code delete noreply 0}, which all versions understand. And memcached forgets that an item
 * has a binary key when it is made with {@code mg ... N}, or grows; it then answers the flag {@code k} with the raw
 * key, whose bytes may end the line: such a request goes out without {@code k}, and {@link RestoredKey} puts the key
 * back.
 */
public final class CanonicalLine {

    private static final byte[] NOREPLY = "noreply".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GET = "get ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GETS = "gets ".getBytes(StandardCharsets.US_ASCII);

    private static final int LINE_END = '\r' << 8 | '\n';

    /**
     * Tokens of the longest {@code ms} line: one less than memcached allows today, since 1.6.10 to 1.6.39 count the end
     * of the line as one. They refuse a longer line without reading the value behind it.
     */
    private static final int MOST_META_SET_TOKENS = 19;

    private CanonicalLine() {}

    /**
     * Returns the reply to a request that no canonical line can be written for; others get none.
     *
     * @param knowsMetaSet whether the server knows {@code ms} as it is written today; one that does not would take the
     *     value for commands
     */
    public static @Nullable Reply refusal(Call call, boolean knowsMetaSet) {
        Request request = call.request();
        Command command = request.command();
        if (command == Command.GET || command == Command.MG) {
            return null;
        }
        if (command.hasValue()) {
            return !endsWithLineEnd(call, request)
                    ? FixedReply.BAD_DATA_CHUNK
                    : command == Command.MS ? metaSetRefusal(request, knowsMetaSet) : null;
        }
        return switch (command) {
            case DELETE -> isPlainDelete(request) ? null : FixedReply.BAD_DELETE;
            case ME -> hasUnsafeBinaryKey(request) ? FixedReply.KEY_NOT_SHOWN : null;
            case FLUSH_ALL, VERBOSITY, CACHE_MEMLIMIT -> isPlainOrder(request) ? null : FixedReply.NOT_SENDABLE;
            default -> command.isStorage() ? null : FixedReply.NOT_SENDABLE;
        };
    }

    private static boolean endsWithLineEnd(Call call, Request request) {
        ByteBuf apart = call.value();
        int length = request.valueBytes();
        return apart == null
                ? request.buffer().getShort(request.end() + length - 2) == LINE_END
                : apart.readableBytes() == length && apart.getShort(apart.writerIndex() - 2) == LINE_END;
    }

    private static @Nullable Reply metaSetRefusal(Request request, boolean knowsMetaSet) {
        if (!knowsMetaSet) {
            return FixedReply.ERROR;
        }
        int leaving = request.totalTokenCount();
        if (leaving > MOST_META_SET_TOKENS) {
            leaving -= (request.quiet() ? 1 : 0) + (hidesKey(request) ? 1 : 0);
        }
        return leaving > MOST_META_SET_TOKENS ? FixedReply.TOO_MANY_FLAGS : null;
    }

    /** Whether a request has at most one argument, and the option. */
    private static boolean isPlainOrder(Request request) {
        int arguments = request.totalTokenCount() - (request.noreply() ? 2 : 1);
        return arguments == 0 || arguments == 1 && !isNoreply(request, 1);
    }

    /** {@code delete KEY}, with the 0 that old clients put behind it, and with the option. */
    private static boolean isPlainDelete(Request request) {
        int arguments = request.totalTokenCount() - (request.noreply() ? 3 : 2);
        return arguments == 0
                || arguments == 1
                        && request.tokenLength(2) == 1
                        && request.buffer().getByte(request.tokenIndex(2)) == '0';
    }

    /** Appends the request's line, and its value if it has one. */
    public static void append(Call call, OutputBuffer out) {
        Request request = call.request();
        int valueBytes = request.valueBytes();
        ByteBuf apart = valueBytes == 0 ? null : call.value();
        int valueHere = apart == null ? valueBytes : 0;
        if (isCanonical(request)) {
            out.append(request.buffer(), request.start(), request.end() - request.start() + valueHere);
        } else {
            write(request, out);
            if (valueHere > 0) {
                out.append(request.buffer(), request.end(), valueHere);
            }
        }
        if (apart != null) {
            out.appendOwned(apart.retainedDuplicate());
        }
    }

    // ---- lines that came as they may leave ----

    private static boolean isCanonical(Request request) {
        if (!request.singleSpaced() || request.noreply()) {
            return false;
        }
        return switch (request.command()) {
            case GET, GETS -> request.keyCount() == 1;
            case GAT, GATS -> request.keyCount() == 1 && isDigits(request, 1);
            case MG, MD, MA -> !request.quiet() && !hidesKey(request);
            case MS -> !request.quiet() && isDigits(request, 2) && !hidesKey(request);
            case ME, MN -> true;
            case SET, ADD, REPLACE, APPEND, PREPEND -> request.tokenCount() == 5 && hasPlainNumbers(request);
            case CAS -> request.tokenCount() == 6 && hasPlainNumbers(request);
            case INCR, DECR, TOUCH -> request.tokenCount() == 3 && isDigits(request, 2);
            case DELETE -> request.tokenCount() == 2 && !isNoreply(request, 1);
            default -> false;
        };
    }

    private static boolean hasPlainNumbers(Request request) {
        return isDigits(request, 2) && isDigits(request, 3) && isDigits(request, 4);
    }

    private static boolean isDigits(Request request, int token) {
        int index = request.tokenIndex(token);
        for (int i = index + request.tokenLength(token) - 1; i >= index; i--) {
            int digit = request.buffer().getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNoreply(Request request, int token) {
        ByteBuf buffer = request.buffer();
        int index = request.tokenIndex(token);
        if (request.tokenLength(token) != NOREPLY.length || buffer.getByte(index) != NOREPLY[0]) {
            return false;
        }
        for (int i = 1; i < NOREPLY.length; i++) {
            if (buffer.getByte(index + i) != NOREPLY[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- lines that are written anew ----

    private static void write(Request request, OutputBuffer out) {
        switch (request.command()) {
            case GET, GETS, GAT, GATS -> {
                appendBeforeKey(request, out);
                appendKey(request, out);
            }
            case SET, ADD, REPLACE, APPEND, PREPEND -> writeClassic(request, 5, out);
            case CAS -> writeClassic(request, 6, out);
            case INCR, DECR, TOUCH -> writeClassic(request, 3, out);
            case DELETE -> {
                writeClassic(request, 2, out);
                if (isNoreply(request, 1)) {
                    out.append((byte) ' ');
                    out.append((byte) '0');
                }
            }
            case MG, MS, MD, MA, ME, MN -> writeMeta(request, out);
            default -> writeClassic(request, request.tokenCount() - (request.noreply() ? 1 : 0), out);
        }
        out.append(Replies.CRLF);
    }

    /** Appends what stands before the first key of a classic get: the command word, for {@code gat} also the expiry. */
    public static void appendBeforeKey(Request request, OutputBuffer out) {
        if (request.command() == Command.GET) {
            out.append(GET);
        } else if (request.command() == Command.GETS) {
            out.append(GETS);
        } else {
            appendToken(request, 0, out);
            out.append((byte) ' ');
            appendNumber(request, 1, out);
            out.append((byte) ' ');
        }
    }

    public static void appendKey(Request request, OutputBuffer out) {
        out.append(request.buffer(), request.keyIndex(), request.keyLength());
    }

    /** Writes the command word, the key, and numbers up to {@code tokens} in all. */
    private static void writeClassic(Request request, int tokens, OutputBuffer out) {
        appendToken(request, 0, out);
        for (int token = 1; token < tokens; token++) {
            out.append((byte) ' ');
            if (token == 1) {
                appendToken(request, token, out);
            } else {
                appendNumber(request, token, out);
            }
        }
    }

    private static void writeMeta(Request request, OutputBuffer out) {
        boolean hidesKey = hidesKey(request);
        appendToken(request, 0, out);
        for (int token = 1, count = request.tokenCount(); token < count; token++) {
            int letter = request.buffer().getByte(request.tokenIndex(token));
            boolean flag = request.firstFlagToken() > 0 && token >= request.firstFlagToken();
            if (flag && (letter == 'q' || letter == 'k' && hidesKey)) {
                continue;
            }
            out.append((byte) ' ');
            if (flag || token == 1) {
                appendToken(request, token, out);
            } else {
                appendNumber(request, token, out);
            }
        }
    }

    private static void appendToken(Request request, int token, OutputBuffer out) {
        out.append(request.buffer(), request.tokenIndex(token), request.tokenLength(token));
    }

    /**
     * Appends a number without the {@code '+'} that some versions take; a lone {@code '-'}, which others take, is 0.
     */
    private static void appendNumber(Request request, int token, OutputBuffer out) {
        int index = request.tokenIndex(token);
        int length = request.tokenLength(token);
        int first = request.buffer().getByte(index);
        if (first == '-' && length == 1) {
            out.append((byte) '0');
        } else if (first == '+') {
            out.append(request.buffer(), index + 1, length - 1);
        } else {
            out.append(request.buffer(), index, length);
        }
    }

    // ---- binary keys ----

    /** Whether the request asks for its binary key, and the key must not be repeated by the server as it is. */
    public static boolean hidesKey(Request request) {
        return request.base64Key() && request.hasFlag('k') && hasUnsafeBinaryKey(request);
    }

    /** Whether a byte of the binary key would end a token or a line. */
    private static boolean hasUnsafeBinaryKey(Request request) {
        return request.base64Key()
                && !Base64Key.decodesToToken(request.buffer(), request.keyIndex(), request.keyLength());
    }
}
