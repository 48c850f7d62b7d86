package io.memroute.proxy.client;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one multi-key get that have not been started yet; each becomes a request of its own, a
 * {@link KeyExchange}. Owned by the worker's thread.
 */
final class MultigetKeys {

    private final WorkerClients clients;
    private final RequestTaker taker;
    /** The exchange of the whole line, which is never started: each key that is under way holds it. */
    @SuppressWarnings("NullAway.Init")
    private RequestExchange whole;

    private int nextKey;

    MultigetKeys(WorkerClients clients, RequestTaker taker) {
        this.clients = clients;
        this.taker = taker;
    }

    /** Begins with the exchange of a line. */
    void begin(RequestExchange line) {
        whole = line;
        nextKey = line.request().keyIndex();
    }

    /** Starts as many keys as are taken. Returns whether that were all that were left. */
    boolean start() {
        Request line = whole.request();
        while (nextKey >= 0 && taker.takesMore()) {
            int key = nextKey;
            int end = line.keyEnd(key);
            nextKey = line.nextKey(end);
            KeyExchange exchange = clients.takeKey();
            exchange.begin(whole, key, end - key, nextKey < 0);
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
    }

    /**
     * The exchange of one key of a multi-key get: a request of its own, but what all keys of the line have in common is
     * kept by the exchange of the line. Pooled by the worker; owned by its thread.
     */
    static final class KeyExchange extends Exchange {

        /** The line, held as long as this stands for one of its keys. */
        @SuppressWarnings("NullAway.Init")
        private RequestExchange line;

        private boolean last;

        KeyExchange(WorkerClients clients) {
            super(clients);
        }

        /**
         * Begins to stand for a key of a line.
         *
         * @param isLast whether no other key follows
         */
        void begin(RequestExchange multiget, int keyIndex, int keyLength, boolean isLast) {
            begin();
            multiget.retain();
            line = multiget;
            last = isLast;
            request().setKeyOf(multiget.request(), keyIndex, keyLength);
        }

        @Override
        public @Nullable ByteBuf value() {
            return null;
        }

        @Override
        @SuppressWarnings("NullAway") // not used again before it is set again
        protected void releaseRequest() {
            line.release();
            line = null;
        }

        @Override
        protected void recycle() {
            clients.give(this);
        }

        @Override
        protected boolean endsMultiget() {
            return last;
        }
    }
}
