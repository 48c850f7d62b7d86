package io.memroute.proxy.log;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.BackendSpec;
import java.util.Arrays;

/**
 * A line of the stream {@link LogStream#PROXYREQS}.
 *
 * @see "docs/reference/proxy-api.md section 7.5"
 */
public final class RequestLine {

    /** The embedded store, as {@code be=} has it. */
    public static final String EMBEDDED_STORE = "internal:0";

    /** The value of {@code be=} if no server was asked. */
    public static final String NOBODY = ":";

    private static final int MOST_DETAIL = 150;
    private static final int MOST_REQUEST = 300;

    private RequestLine() {}

    /** The value of {@code be=} for a server. */
    public static String server(BackendSpec backend) {
        return backend.host() + ":" + backend.port();
    }

    /**
     * Writes the line of a request to the watchers.
     *
     * @param request as it was sent
     * @param elapsedMicros from sending it to its answer
     * @param server the server that was asked
     * @param detail a text of the operator's
     * @param clientDescriptor the file descriptor of the client's socket, 0 if unknown
     */
    public static void write(
            LogStreams streams,
            Request request,
            LoggedReply reply,
            long elapsedMicros,
            String server,
            byte[] detail,
            int clientDescriptor) {
        byte[] shown = detail.length <= MOST_DETAIL ? detail : Arrays.copyOf(detail, MOST_DETAIL);
        LogLine line = streams.line("proxy_req")
                .add("elapsed", elapsedMicros)
                .add("type", reply.type())
                .add("code", reply.code())
                .add("status", reply.ok() ? 0 : -1)
                .add("res", reply.judged())
                .add("cfd", clientDescriptor)
                .add("be", server)
                .add("detail", shown)
                .add("req", "");
        if (request.partOfMultiget()) {
            line.append(request.buffer(), request.start(), request.prefixLength());
            int room = Math.max(0, MOST_REQUEST - request.prefixLength());
            line.append(request.buffer(), request.keyIndex(), Math.min(request.keyLength(), room));
        } else {
            int length = request.lineEnd() - request.start();
            line.append(request.buffer(), request.start(), Math.min(length, MOST_REQUEST));
        }
        streams.write(LogStream.PROXYREQS, line);
    }
}
