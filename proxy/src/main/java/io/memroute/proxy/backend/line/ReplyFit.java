package io.memroute.proxy.backend.line;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Command;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Judges whether a reply can belong to a request: by its type, and by the key and opaque text it repeats. A reply that
 * does not fit shows that the connection is out of step, or that the server is no memcached. Either way nothing it
 * sends can be trusted any more.
 *
 * <p>The three error lines fit every request. Two letters that no memcached of today answers fit every meta command,
 * for servers that know more, if they give back the key and the opaque text that were asked for; so does {@code OK},
 * which early versions of the meta protocol said for {@code HD}, and which is compared like it.
 */
public final class ReplyFit {

    /** A bit for each type of reply that fits a command, both by ordinal number. */
    private static final long[] FITTING = new long[Command.values().length];

    private static final long KEY_OR_OPAQUE = 1L << 'k' - 'A' | 1L << 'O' - 'A';

    static {
        for (Command command : Command.values()) {
            for (ReplyType type : ReplyType.values()) {
                if (type.isErrorLine() || fitting(command).contains(type)) {
                    FITTING[command.ordinal()] |= 1L << type.ordinal();
                }
            }
        }
    }

    private ReplyFit() {}

    private static Set<ReplyType> fitting(Command command) {
        Set<ReplyType> types = switch (command) {
            case GET, GETS, GAT, GATS -> EnumSet.of(ReplyType.VALUE, ReplyType.END);
            case SET, ADD, REPLACE, APPEND, PREPEND -> EnumSet.of(ReplyType.STORED, ReplyType.NOT_STORED);
            case CAS -> EnumSet.of(ReplyType.STORED, ReplyType.NOT_STORED, ReplyType.EXISTS, ReplyType.NOT_FOUND);
            case DELETE -> EnumSet.of(ReplyType.DELETED, ReplyType.NOT_FOUND);
            case TOUCH -> EnumSet.of(ReplyType.TOUCHED, ReplyType.NOT_FOUND);
            case INCR, DECR -> EnumSet.of(ReplyType.NUMBER, ReplyType.NOT_FOUND);
            case MG -> EnumSet.of(ReplyType.VA, ReplyType.HD, ReplyType.EN);
            case MS -> EnumSet.of(ReplyType.HD, ReplyType.NS, ReplyType.EX, ReplyType.NF);
            case MD -> EnumSet.of(ReplyType.HD, ReplyType.NS, ReplyType.EX, ReplyType.NF);
            case MA -> EnumSet.of(ReplyType.VA, ReplyType.HD, ReplyType.NS, ReplyType.EX, ReplyType.NF);
            case ME -> EnumSet.of(ReplyType.ME, ReplyType.EN);
            case MN -> EnumSet.of(ReplyType.MN);
            default -> EnumSet.of(ReplyType.OK);
        };
        if (command.isMeta()) {
            types.add(ReplyType.OK);
            types.add(ReplyType.UNKNOWN_META);
        }
        return types;
    }

    /** Returns whether the reply, of which only the line is looked at, can be the one to the request. */
    public static boolean fits(Request request, Reply reply) {
        return (FITTING[request.command().ordinal()] >>> reply.type().ordinal() & 1) != 0
                && (!request.command().isMeta() || flagsFit(request, reply));
    }

    /** A reply without flags, the most frequent, need not be taken apart if none was asked for. */
    private static boolean flagsFit(Request request, Reply reply) {
        boolean asked = (request.flagMask() & KEY_OR_OPAQUE) != 0;
        boolean answered = (reply.type().isMeta() || reply.type() == ReplyType.OK) && reply.hasFlags();
        return valueFits(request, reply) && (!asked && !answered || repeatsFlags(request, reply));
    }

    private static boolean valueFits(Request request, Reply reply) {
        return reply.type() != ReplyType.VA || request.hasFlag('v');
    }

    private static boolean repeatsFlags(Request request, Reply reply) {
        ReplyType type = reply.type();
        if (type == ReplyType.ME) {
            return namesKey(request, reply);
        }
        if (type.isErrorLine()) {
            return true;
        }
        // Misses and refusals carry the flags, too, but not those of every version. What no version answers may be
        // the remains of two replies.
        boolean must = switch (type) {
            case HD, OK, VA, UNKNOWN_META -> true;
            default -> false;
        };
        boolean key = CanonicalLine.hidesKey(request) ? !reply.hasFlag('k') : repeatsKey(request, reply, must);
        return key && repeatsOpaque(request, reply, must) && !reply.hasWrongFlags();
    }

    private static boolean repeatsOpaque(Request request, Reply reply, boolean must) {
        int index = request.flagTokenIndex('O');
        if (index < 0) {
            return !reply.hasFlag('O');
        }
        int length = request.flagTokenLength('O');
        int answered = reply.flagTokenIndex('O');
        return answered < 0
                ? !must
                : reply.flagTokenLength('O') == length
                        && ByteBufUtil.equals(reply.buffer(), answered, request.buffer(), index, length);
    }

    private static boolean repeatsKey(Request request, Reply reply, boolean must) {
        if (!request.hasFlag('k')) {
            return !reply.hasFlag('k');
        }
        int answered = reply.flagTokenIndex('k');
        return answered < 0 ? !must : isKey(request, reply, answered, reply.flagTokenLength('k'), reply.hasFlag('b'));
    }

    /** {@code ME} names its key, and does not say how it is written; {@code name=value} follow. */
    private static boolean namesKey(Request request, Reply reply) {
        if (reply.tokenCount() < 2) {
            return false;
        }
        for (int token = 2; token < reply.tokenCount(); token++) {
            if (!isPair(reply.buffer(), reply.tokenIndex(token), reply.tokenLength(token))) {
                return false;
            }
        }
        int index = reply.tokenIndex(1);
        int length = reply.tokenLength(1);
        return isKey(request, reply, index, length, false) || isKey(request, reply, index, length, true);
    }

    private static boolean isPair(ByteBuf buffer, int index, int length) {
        return ByteBufUtil.indexOf(buffer, index, index + length, (byte) '=') >= 0;
    }

    /** @param base64 whether the key that was answered is base64 text */
    private static boolean isKey(Request request, Reply reply, int answered, int answeredLength, boolean base64) {
        ByteBuf asked = request.buffer();
        int index = request.keyIndex();
        int length = request.keyLength();
        if (answeredLength == length && ByteBufUtil.equals(reply.buffer(), answered, asked, index, length)) {
            return true;
        }
        // memcached encodes a binary key anew, and sends a key raw or encoded as the item was made, not as it is asked
        // for.
        return (request.base64Key() || base64)
                && Arrays.equals(
                        key(asked, index, length, request.base64Key()),
                        key(reply.buffer(), answered, answeredLength, base64));
    }

    private static byte[] key(ByteBuf buffer, int index, int length, boolean encoded) {
        if (!encoded) {
            return ByteBufUtil.getBytes(buffer, index, length);
        }
        byte[] key = new byte[Base64Key.decodedLength(buffer, index, length)];
        Base64Key.decode(buffer, index, length, key);
        return key;
    }
}
