package io.memroute.proxy.client;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.KeyHash;
import io.memroute.proxy.route.Route;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the order of one client's commands about one key where routes alone would not: a command that changes the item
 * waits until those before it are answered, and those behind it wait for it. Owned by the worker's thread.
 *
 * <p>Most routes keep the order by themselves, since every server is sent the first request first. A route that
 * {@linkplain Route#keepsOrder() does not} sends a request on in several steps, between which a later one would slip.
 * And the routes of a new configuration may have other connections than those on which earlier requests are still under
 * way. Requests of these two kinds are listed here; nothing else of the client waits for them.
 *
 * <p>A request counts as finished when it has been answered. What its route still does then, because it answers early
 * or its {@code wait} has passed, is not waited for.
 */
final class KeyOrder {

    private static final class Entry {
        @SuppressWarnings("NullAway.Init")
        private Exchange exchange;

        private long keyHash;
        private boolean changesItem;
        /** The route that is still to be started, until it is. */
        private @Nullable Route heldBack;
    }

    /** The listed requests, in the order of the client, and behind them entries to be used again. */
    private Entry[] entries = new Entry[8];

    private final KeyHash keyHash = new KeyHash();
    private int size;
    private int heldBack;

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether requests wait for others. */
    boolean holdsBack() {
        return heldBack > 0;
    }

    /**
     * Lists requests that have been started on the routes of an earlier configuration: what comes now must not overtake
     * them.
     */
    void listEarlier(ExchangeQueue earlier) {
        for (int i = 0; i < earlier.size(); i++) {
            Exchange exchange = earlier.get(i);
            if (exchange.isRouted() && !exchange.done() && !exchange.listed()) {
                list(describe(exchange), null);
            }
        }
    }

    /** Starts the route for the exchange, at once or when those that it must not overtake are answered. */
    void start(Exchange exchange, Route route) {
        Entry entry = describe(exchange);
        if (blocked(entry, size)) {
            list(entry, route);
            return;
        }
        if (!route.keepsOrder()) {
            list(entry, null);
        }
        route.start(exchange);
    }

    /** A listed exchange has been answered. */
    void finished(Exchange exchange) {
        int at = 0;
        while (entries[at].exchange != exchange) {
            at++;
        }
        remove(at);
    }

    @SuppressWarnings("NullAway") // not used again before it is set again
    private void remove(int at) {
        Entry entry = entries[at];
        entry.exchange.setListed(false);
        entry.exchange = null;
        size--;
        System.arraycopy(entries, at + 1, entries, at, size - at);
        entries[size] = entry;
    }

    /**
     * Starts what need not wait any longer. Must not be called while a route is told of a reply: it may have more to
     * send before.
     */
    void release() {
        int i = 0;
        while (i < size && heldBack > 0) {
            Entry entry = entries[i];
            Route route = entry.heldBack;
            if (route == null || blocked(entry, i)) {
                i++;
                continue;
            }
            Exchange exchange = entry.exchange;
            entry.heldBack = null;
            heldBack--;
            if (route.keepsOrder()) {
                remove(i);
            }
            route.start(exchange);
            // A request that has left the list may have let others go.
            i = 0;
        }
    }

    /** The entry that a listed exchange would have. */
    private Entry describe(Exchange exchange) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, size << 1);
        }
        Entry entry = entries[size];
        if (entry == null) {
            entry = new Entry();
            entries[size] = entry;
        }
        Request request = exchange.request();
        entry.exchange = exchange;
        entry.keyHash = keyHash.of(request);
        entry.changesItem = request.changesItem();
        return entry;
    }

    private void list(Entry described, @Nullable Route notStarted) {
        described.heldBack = notStarted;
        described.exchange.setListed(true);
        size++;
        if (notStarted != null) {
            heldBack++;
        }
    }

    /** Whether one of the first entries is about the same key, and one of both changes the item. */
    private boolean blocked(Entry entry, int first) {
        for (int i = 0; i < first; i++) {
            Entry before = entries[i];
            if (before.keyHash == entry.keyHash && (before.changesItem || entry.changesItem)) {
                return true;
            }
        }
        return false;
    }
}
