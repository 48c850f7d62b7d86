package io.memroute.proxy.backend;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.backend.events.BackendFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Judges the answers to the first requests on a connection: the login, if there is one, and the version request. */
final class FirstAnswers {

    private FirstAnswers() {}

    /**
     * Judges the answer to a login.
     *
     * @param complete whether it is a reply
     * @return the failure, unless the server lets the user in
     */
    static @Nullable BackendFailure login(boolean complete, Reply answer) {
        return complete && answer.type() == ReplyType.STORED ? null : BackendFailure.LOGIN;
    }

    /**
     * Judges the answer to the version request.
     *
     * @param complete whether it is a reply
     * @return the failure, unless the server is one that serves
     */
    static @Nullable BackendFailure version(boolean complete, ByteBuf data, Reply answer) {
        if (complete && answer.type() == ReplyType.VERSION) {
            return null;
        }
        if (complete && !answer.errorLine()) {
            return BackendFailure.BAD_VALIDATE;
        }
        return complete && Arrays.equals(bytes(data, answer), Replies.UNAUTHENTICATED)
                ? BackendFailure.LOGIN_WANTED
                : BackendFailure.REFUSED_VALIDATE;
    }

    private static byte[] bytes(ByteBuf data, Reply answer) {
        return ByteBufUtil.getBytes(data, answer.start(), answer.end() - answer.start());
    }

    /** The first line: after a login the second one of a server that sends back what it gets has the password. */
    static byte[] firstLine(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }
}
