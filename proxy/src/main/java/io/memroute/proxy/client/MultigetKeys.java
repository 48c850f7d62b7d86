package io.memroute.proxy.client;

import io.memroute.protocol.Request;
import io.memroute.proxy.wire.InputBlock;

/**
 * The keys of one multi-key get that have not been started yet; each is a request of its own. Owned by the worker's
 * thread.
 */
final class MultigetKeys {

    private final WorkerClients clients;
    private final RequestTaker taker;
    /** The exchange of the whole line, which keeps it in memory and is never started. */
    @SuppressWarnings("NullAway.Init")
    private Exchange whole;
    /** The line lies here, wherever the bytes behind it may go: each key keeps it, too. */
    @SuppressWarnings("NullAway.Init")
    private InputBlock block;

    private int nextKey;

    MultigetKeys(WorkerClients clients, RequestTaker taker) {
        this.clients = clients;
        this.taker = taker;
    }

    /** Begins with an exchange that keeps a line which lies in a block. */
    void begin(Exchange line, InputBlock input) {
        whole = line;
        block = input;
        nextKey = line.request().keyIndex();
    }

    /** Starts as many keys as are taken. Returns whether that were all that were left. */
    boolean start() {
        Request line = whole.request();
        while (nextKey >= 0 && taker.takesMore()) {
            int end = line.keyEnd(nextKey);
            Exchange exchange = clients.take();
            exchange.begin(block);
            exchange.request().setKeyOf(line, nextKey, end - nextKey);
            nextKey = line.nextKey(end);
            if (nextKey < 0) {
                exchange.setEndsMultiget();
            }
            taker.start(exchange);
        }
        if (nextKey >= 0) {
            return false;
        }
        abandon();
        return true;
    }

    /** Forgets the keys that have not been started. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    void abandon() {
        whole.abandon();
        whole = null;
        block = null;
    }
}
