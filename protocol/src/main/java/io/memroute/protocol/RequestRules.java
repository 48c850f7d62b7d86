package io.memroute.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The demands of each command on its line: tokens, key, numbers, flags. Fills in the parts of a request that depend on
 * the command. Words behind the arguments of a classic command mean nothing, but for {@code noreply} as the last, as in
 * memcached 1.6.45.
 */
final class RequestRules {
    /** Shorter lines, without their line end, cannot be a command. */
    private static final int MIN_COMMAND = 2;
    /** memcached's MFLAG_MAX_OPT_LENGTH: tokens of a meta command, command and key included. */
    private static final int MAX_META_TOKENS = 20;

    private static final byte[] HTTP = {'H', 'T', 'T', 'P', '/'};
    private static final byte[] NOREPLY = {'n', 'o', 'r', 'e', 'p', 'l', 'y'};

    private RequestRules() {}

    /**
     * Applies the rules of {@code into}'s command.
     *
     * @param maxValue the longest value in bytes
     * @return the error of the line, if it has one
     */
    static @Nullable RequestError apply(TokenLine line, Request into, int maxValue) {
        return switch (into.command) {
            case GET, GETS -> get(line, into);
            case GAT, GATS -> gat(line, into);
            case MG, MD, MA, ME -> meta(line, into);
            case MS -> metaSet(line, into, maxValue);
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS -> storage(line, into, maxValue);
            case DELETE, INCR, DECR, TOUCH -> keyed(line, into);
            case UNKNOWN -> unknown(line, into);
            case MN, QUIT, STATS, VERSION, WATCH -> null;
            default -> administration(line, into);
        };
    }

    private static void setKey(TokenLine line, Request into, int token) {
        into.keyIndex = line.tokenStart(token);
        into.keyLength = line.tokenLength(token);
        into.keyCount = 1;
    }

    private static @Nullable RequestError get(TokenLine line, Request into) {
        if (line.total < 2) {
            return RequestError.BAD_LINE;
        }
        setKey(line, into, 1);
        into.keyCount = line.total - 1;
        return line.longestArgument > Request.MAX_KEY_LENGTH ? RequestError.BAD_LINE : null;
    }

    private static @Nullable RequestError gat(TokenLine line, Request into) {
        if (line.total < 3) {
            return RequestError.BAD_LINE;
        }
        setKey(line, into, 2);
        into.keyCount = line.total - 2;
        if (!isSigned32(line, 1)) {
            return RequestError.INVALID_EXPTIME;
        }
        return line.longestArgument > Request.MAX_KEY_LENGTH ? RequestError.BAD_LINE : null;
    }

    private static @Nullable RequestError keyed(TokenLine line, Request into) {
        if (line.total < (into.command == Command.DELETE ? 2 : 3)) {
            return RequestError.BAD_LINE;
        }
        setKey(line, into, 1);
        into.noreply = endsWithNoreply(line, 2);
        if (into.keyLength > Request.MAX_KEY_LENGTH) {
            return RequestError.BAD_LINE;
        }
        return switch (into.command) {
            case TOUCH -> isSigned32(line, 2) ? null : RequestError.INVALID_EXPTIME;
            case INCR, DECR -> isUnsigned64(line, 2) ? null : RequestError.INVALID_DELTA;
            default -> null;
        };
    }

    private static @Nullable RequestError storage(TokenLine line, Request into, int maxValue) {
        if (line.total < 5) {
            return RequestError.BAD_LINE;
        }
        setKey(line, into, 1);
        long length = Decimal.signed32(line.buffer, line.tokenStart(4), line.tokenLength(4));
        if (length < 0 || length > RequestParser.MAX_VALUE) {
            return RequestError.BAD_LINE;
        }
        into.valueLength = (int) length;
        into.noreply = line.total > 5 && endsWithNoreply(line, 5);
        if (into.keyLength > Request.MAX_KEY_LENGTH
                || !Decimal.isLenientUnsigned(line.buffer, line.tokenStart(2), line.tokenLength(2))
                || !Decimal.isLenientSigned(line.buffer, line.tokenStart(3), line.tokenLength(3))
                || into.command == Command.CAS && (line.total < 6 || !isUnsigned64(line, 5))) {
            return RequestError.BAD_LINE;
        }
        return length > maxValue ? RequestError.VALUE_TOO_LARGE : null;
    }

    private static @Nullable RequestError meta(TokenLine line, Request into) {
        if (line.total < 2) {
            return RequestError.BAD_LINE;
        }
        setKey(line, into, 1);
        return flags(line, into, 2);
    }

    private static @Nullable RequestError metaSet(TokenLine line, Request into, int maxValue) {
        if (line.total < 3) {
            return RequestError.BAD_LINE;
        }
        setKey(line, into, 1);
        long length = Decimal.signed32(line.buffer, line.tokenStart(2), line.tokenLength(2));
        if (length < 0 || length > RequestParser.MAX_VALUE) {
            return RequestError.BAD_LINE;
        }
        into.valueLength = (int) length;
        @Nullable RequestError error = flags(line, into, 3);
        return error == null && length > maxValue ? RequestError.VALUE_TOO_LARGE : error;
    }

    private static @Nullable RequestError flags(TokenLine line, Request into, int from) {
        into.flagsFrom = from;
        long mask = MetaFlags.collect(line, from);
        if (mask == MetaFlags.BAD) {
            return RequestError.BAD_LINE;
        }
        into.flagMask = mask & MetaFlags.LETTERS;
        into.unknownFlags = MetaFlags.hasUnknown(mask);
        if (into.keyLength > Request.MAX_KEY_LENGTH) {
            return RequestError.BAD_LINE;
        }
        if (into.command == Command.ME) {
            return into.base64Key() && Base64Key.decodedLength(line.buffer, into.keyIndex, into.keyLength) == 0
                    ? RequestError.BAD_LINE
                    : null;
        }
        @Nullable
        RequestError error = line.total > MAX_META_TOKENS
                ? RequestError.TOO_MANY_FLAGS
                : MetaFlags.check(line, from, mask, into.keyIndex, into.keyLength);
        return error != null && error != RequestError.OPAQUE_TOO_LONG && into.command == Command.MA
                ? RequestError.INVALID_OR_DUPLICATE_FLAG
                : error;
    }

    static boolean onlyFlagTextWrong(TokenLine line, Request request) {
        if (request.flagsFrom == 0
                || request.error == RequestError.VALUE_TOO_LARGE
                || line.zeroByte
                || request.keyLength > Request.MAX_KEY_LENGTH
                || line.total > MAX_META_TOKENS) {
            return false;
        }
        long mask = MetaFlags.collect(line, request.flagsFrom);
        return mask != MetaFlags.BAD
                && (mask & MetaFlags.REPEATED) == 0
                && (!request.base64Key()
                        || Base64Key.decodedLength(line.buffer, request.keyIndex, request.keyLength) > 0);
    }

    /** {@code flush_all}, {@code verbosity} and the like: their arguments are judged where they are run. */
    private static @Nullable RequestError administration(TokenLine line, Request into) {
        into.noreply = endsWithNoreply(line, 1);
        return null;
    }

    private static @Nullable RequestError unknown(TokenLine line, Request into) {
        into.noreply = endsWithNoreply(line, 0);
        if (line.lineEnd - line.start < MIN_COMMAND) {
            return RequestError.BAD_LINE;
        }
        boolean http = line.total > 1
                && line.lastEnd - line.lastStart >= HTTP.length
                && Bytes.equal(line.buffer, line.lastStart, HTTP.length, HTTP);
        return http ? RequestError.HTTP_REQUEST : RequestError.UNKNOWN_COMMAND;
    }

    private static boolean endsWithNoreply(TokenLine line, int firstToken) {
        return line.total > firstToken
                && Bytes.equal(line.buffer, line.lastStart, line.lastEnd - line.lastStart, NOREPLY);
    }

    private static boolean isSigned32(TokenLine line, int token) {
        return Decimal.signed32(line.buffer, line.tokenStart(token), line.tokenLength(token)) != Decimal.INVALID;
    }

    private static boolean isUnsigned64(TokenLine line, int token) {
        return Decimal.isUnsigned64(line.buffer, line.tokenStart(token), line.tokenLength(token));
    }
}
