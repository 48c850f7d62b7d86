package io.memroute.proxy.client;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.KeyHash;
import io.memroute.proxy.route.Route;
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
 *
 * <p>Listed requests are kept by key: what a request waits for, and what waits for it, is found without looking at the
 * others. A client may have a thousand of them.
 */
final class KeyOrder {

    /** A power of two: few for clients without many keys, and short chains for those with a thousand. */
    private static final int PLACES = 64;

    /** A listed request. */
    static final class Entry {
        @SuppressWarnings("NullAway.Init")
        private Exchange exchange;

        @SuppressWarnings("NullAway.Init")
        private Key key;

        private boolean changesItem;
        /** The route that is still to be started, until it is. */
        private @Nullable Route heldBack;
        /** The next one that is held back behind it; where it is not in use, another one. */
        private @Nullable Entry next;
    }

    /** The list of one key: requests that have been started, and behind them those that wait. */
    private static final class Key {
        private long hash;
        private int started;
        /** The number of started ones that change the item. */
        private int startedChanges;

        private @Nullable Entry firstHeldBack;
        private @Nullable Entry lastHeldBack;
        /** Whether it is among those whose first waiting request may go. */
        private boolean mayGo;

        private @Nullable Key nextMayGo;
        /** The next one in its place; where it is not in use, another one. */
        private @Nullable Key next;

        /** Whether a request must wait for those that have been started. */
        boolean blocks(boolean changesItem) {
            return startedChanges > 0 || changesItem && started > 0;
        }
    }

    private final KeyHash keyHash = new KeyHash();
    private final @Nullable Key[] places = new Key[PLACES];
    private int size;
    private int heldBack;
    /** The keys of which a request has been answered since the last {@link #release}, first to last. */
    private @Nullable Key firstMayGo;

    private @Nullable Key lastMayGo;
    private @Nullable Key freeKeys;
    private @Nullable Entry freeEntries;

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
            if (exchange.isRouted() && !exchange.done() && exchange.listing() == null) {
                Request request = exchange.request();
                listStarted(exchange, keyOf(keyHash.of(request)), request.changesItem());
            }
        }
    }

    /** Starts the route for the exchange, at once or when those that it must not overtake are answered. */
    void start(Exchange exchange, Route route) {
        Request request = exchange.request();
        long hash = keyHash.of(request);
        boolean changesItem = request.changesItem();
        Key key = find(hash);
        if (key != null && (key.firstHeldBack != null || key.blocks(changesItem))) {
            holdBack(exchange, key, changesItem, route);
            return;
        }
        if (!route.keepsOrder()) {
            listStarted(exchange, key == null ? keyOf(hash) : key, changesItem);
        }
        route.start(exchange);
    }

    /** Notes that an exchange, which must have been started, has been answered. */
    void finished(Exchange exchange, Entry entry) {
        Key key = entry.key;
        key.started--;
        key.startedChanges -= entry.changesItem ? 1 : 0;
        free(exchange, entry);
        if (key.firstHeldBack != null) {
            noteMayGo(key);
        } else if (key.started == 0 && !key.mayGo) {
            remove(key);
        }
    }

    /**
     * Starts what need not wait any longer. Must not be called while a route is told of a reply: it may have more to
     * send before.
     */
    void release() {
        for (Key key = firstMayGo; key != null; key = firstMayGo) {
            Entry entry = key.firstHeldBack;
            if (entry != null && !key.blocks(entry.changesItem)) {
                startHeldBack(key, entry);
                continue;
            }
            firstMayGo = key.nextMayGo;
            if (firstMayGo == null) {
                lastMayGo = null;
            }
            key.mayGo = false;
            key.nextMayGo = null;
            if (entry == null && key.started == 0) {
                remove(key);
            }
        }
    }

    @SuppressWarnings("NullAway") // an entry that waits has its route
    private void startHeldBack(Key key, Entry entry) {
        Exchange exchange = entry.exchange;
        Route route = entry.heldBack;
        key.firstHeldBack = entry.next;
        if (entry.next == null) {
            key.lastHeldBack = null;
        }
        entry.next = null;
        entry.heldBack = null;
        heldBack--;
        if (route.keepsOrder()) {
            free(exchange, entry);
        } else {
            key.started++;
            key.startedChanges += entry.changesItem ? 1 : 0;
        }
        route.start(exchange);
    }

    private void noteMayGo(Key key) {
        if (key.mayGo) {
            return;
        }
        key.mayGo = true;
        if (lastMayGo == null) {
            firstMayGo = key;
        } else {
            lastMayGo.nextMayGo = key;
        }
        lastMayGo = key;
    }

    // ---- the entries of a key ----

    private void listStarted(Exchange exchange, Key key, boolean changesItem) {
        list(exchange, key, changesItem);
        key.started++;
        key.startedChanges += changesItem ? 1 : 0;
    }

    private void holdBack(Exchange exchange, Key key, boolean changesItem, Route route) {
        Entry entry = list(exchange, key, changesItem);
        entry.heldBack = route;
        heldBack++;
        if (key.lastHeldBack == null) {
            key.firstHeldBack = entry;
        } else {
            key.lastHeldBack.next = entry;
        }
        key.lastHeldBack = entry;
    }

    private Entry list(Exchange exchange, Key key, boolean changesItem) {
        Entry entry = freeEntries;
        if (entry == null) {
            entry = new Entry();
        } else {
            freeEntries = entry.next;
        }
        entry.exchange = exchange;
        entry.key = key;
        entry.changesItem = changesItem;
        entry.next = null;
        exchange.setListing(entry);
        size++;
        return entry;
    }

    @SuppressWarnings("NullAway") // not used again before it is set again
    private void free(Exchange exchange, Entry entry) {
        exchange.setListing(null);
        entry.exchange = null;
        entry.key = null;
        entry.next = freeEntries;
        freeEntries = entry;
        size--;
    }

    // ---- keys ----

    private @Nullable Key find(long hash) {
        Key key = places[place(hash)];
        while (key != null && key.hash != hash) {
            key = key.next;
        }
        return key;
    }

    private static int place(long hash) {
        return (int) hash & PLACES - 1;
    }

    private Key keyOf(long hash) {
        Key key = find(hash);
        if (key != null) {
            return key;
        }
        key = freeKeys;
        if (key == null) {
            key = new Key();
        } else {
            freeKeys = key.next;
        }
        key.hash = hash;
        key.next = places[place(hash)];
        places[place(hash)] = key;
        return key;
    }

    private void remove(Key key) {
        int place = place(key.hash);
        Key before = null;
        for (Key at = places[place]; at != key && at != null; at = at.next) {
            before = at;
        }
        if (before == null) {
            places[place] = key.next;
        } else {
            before.next = key.next;
        }
        key.next = freeKeys;
        freeKeys = key;
    }
}
