package io.memroute.proxy.client;

import io.memroute.protocol.Request;
import org.jspecify.annotations.Nullable;

/** Takes the requests that a {@link RequestReader} has found. Used on the worker's thread. */
interface RequestTaker {

    /** Whether one more request is taken now. If not, reading pauses until there is room, or has ended. */
    boolean takesMore();

    /** Whether routes answer the request, which may be malformed; if not, the embedded store does. */
    boolean routes(Request request);

    /**
     * The line with which a request that could be answered is refused, unless it is to be answered. Asked once for each
     * request, before its value has arrived and before the keys of a multi-key get are started.
     */
    byte @Nullable [] refusal(Request request);

    /** Begins to answer a request, behind those before it. */
    void start(Exchange exchange);

    /** Answers a request with an error line, behind those before it. */
    void refuse(Exchange exchange, byte[] line);
}
