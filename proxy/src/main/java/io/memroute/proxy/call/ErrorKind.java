package io.memroute.proxy.call;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of errors that a route can tell apart, by what the server has had of the request. A get that was merged
 * with others may be asked again after a failure: then the kind is that of asking again, and the server may have had
 * the get before.
 */
public enum ErrorKind {
    /** The server was not asked: it is marked bad, or down by configuration. */
    BAD,
    /** The server was not asked: there was no connection, and none could be made. */
    CONNECT,
    /** The server was not asked: its queue was full. */
    FULL,
    /** No reply came in time. */
    TIMEOUT,
    /** The connection broke before the reply. */
    LOST,
    /** The server answered {@code SERVER_ERROR} or {@code ERROR}. */
    SERVER_ERROR,
    /** The server answered {@code CLIENT_ERROR}. */
    CLIENT_ERROR;

    /** All of them. Not to be changed. */
    public static final Set<ErrorKind> ALL = Set.of(values());

    /** The kind of a reply that is an error. */
    public static ErrorKind of(Reply reply) {
        if (reply == FixedReply.WAIT_EXPIRED || reply == FixedReply.BACKEND_LATE) {
            return TIMEOUT;
        } else if (reply == FixedReply.BACKEND_BAD) {
            return BAD;
        } else if (reply == FixedReply.BACKEND_NOT_CONNECTED) {
            return CONNECT;
        } else if (reply == FixedReply.BACKEND_FULL) {
            return FULL;
        } else if (reply == FixedReply.BACKEND_FAILURE) {
            return LOST;
        }
        return reply.type() == ReplyType.CLIENT_ERROR ? CLIENT_ERROR : SERVER_ERROR;
    }

    /** The kind that operators call by this name. */
    public static Optional<ErrorKind> named(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }

    /** All names, in the order of the kinds. */
    public static List<String> words() {
        return Arrays.stream(values()).map(ErrorKind::word).toList();
    }

    /** The name for operators. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
