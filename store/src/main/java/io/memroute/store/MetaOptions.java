package io.memroute.store;

import io.memroute.protocol.Command;
import io.memroute.protocol.Decimal;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The options that the flags of a meta request set, for any meta command. The parser has seen to it that their texts
 * are numbers where they must be.
 */
final class MetaOptions {
    /** {@code M}: the letter behind it; 0 without the flag, a space if nothing is behind it. */
    int mode;
    /** {@code N}: make an item on a miss, with this expiry. */
    boolean vivify;

    int vivifyExpiry;
    /** {@code T}. */
    boolean hasExpiry;

    int expiry;
    /** {@code R}: who fetches the item when it expires before this time is told to refresh it; 0 without the flag. */
    int recacheTime;
    /** {@code C}. */
    boolean hasRequestCas;

    long requestCas;
    /** {@code E}. */
    boolean hasNewCas;

    long newCas;
    /** {@code F}. */
    int clientFlags;
    /** {@code D} and {@code J}. */
    long delta;

    long initial;
    /** {@code v q u I x b}. */
    boolean value;

    boolean quiet;
    boolean noBump;
    boolean invalidate;
    boolean removeValue;
    boolean binaryKey;

    /** Reads all flags. Returns the error of a flag that memcached does not know or would not take, if there is one. */
    @Nullable
    RequestError read(Request request, StoreTime time) {
        reset(request);
        if (request.hasUnknownFlags()) {
            return error(request, RequestError.INVALID_FLAG);
        }
        ByteBuf buffer = request.buffer();
        for (int token = request.firstFlagToken(), n = request.tokenCount(); token < n; token++) {
            int text = request.tokenIndex(token) + 1;
            int length = request.tokenLength(token) - 1;
            switch (buffer.getByte(text - 1)) {
                case 'M' -> mode = length > 0 ? buffer.getByte(text) : ' ';
                case 'N' -> {
                    vivify = true;
                    vivifyExpiry = time.expiry((int) Decimal.signed32(buffer, text, length));
                }
                case 'T' -> {
                    hasExpiry = true;
                    expiry = time.expiry((int) Decimal.signed32(buffer, text, length));
                }
                case 'R' -> recacheTime = time.expiry((int) Decimal.signed32(buffer, text, length));
                case 'C' -> {
                    hasRequestCas = true;
                    requestCas = Decimal.unsigned64(buffer, text, length);
                }
                case 'E' -> {
                    hasNewCas = true;
                    newCas = Decimal.unsigned64(buffer, text, length);
                }
                case 'F' -> {
                    long flags = Decimal.unsigned32(buffer, text, length);
                    if (flags == Decimal.INVALID) {
                        return error(request, RequestError.BAD_LINE);
                    }
                    clientFlags = (int) flags;
                }
                case 'D' -> delta = Decimal.unsigned64(buffer, text, length);
                case 'J' -> initial = Decimal.unsigned64(buffer, text, length);
                default -> {}
            }
        }
        return null;
    }

    private void reset(Request request) {
        mode = 0;
        vivify = false;
        hasExpiry = false;
        expiry = StoreTime.NEVER;
        recacheTime = 0;
        hasRequestCas = false;
        requestCas = 0;
        hasNewCas = false;
        clientFlags = 0;
        delta = 1;
        initial = 0;
        value = request.hasFlag('v');
        quiet = request.quiet();
        noBump = request.hasFlag('u');
        invalidate = request.hasFlag('I');
        removeValue = request.hasFlag('x');
        binaryKey = request.base64Key();
    }

    private static RequestError error(Request request, RequestError error) {
        return request.command() == Command.MA ? RequestError.INVALID_OR_DUPLICATE_FLAG : error;
    }
}
