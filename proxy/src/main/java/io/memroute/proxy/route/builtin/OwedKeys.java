package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of which warm may have an item that is out of date, because it failed to take a change. The routes of all
 * workers share them, so that any of them can settle what another one has left. Nobody waits for the lock unless a
 * server fails.
 */
public final class OwedKeys {

    /** Some ten megabytes of keys of usual length. */
    static final int MOST_KEYS = 50_000;

    /** Settled at a time: what a server that has come back answers in a few milliseconds. */
    static final int BATCH = 500;

    /**
     * A key is owed for at least so long: a server may still carry out what it was sent on a connection that is lost.
     */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The log says at most so often that a server fails. */
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(OwedKeys.class);

    /** @param base64 whether the key is base64 text for a server of the meta protocol */
    record Key(ByteBuffer bytes, boolean base64) {

        static Key of(Request request) {
            byte[] bytes = new byte[request.keyLength()];
            request.buffer().getBytes(request.keyIndex(), bytes);
            return new Key(ByteBuffer.wrap(bytes), request.base64Key());
        }
    }

    private final String name;
    /** The keys, and when each was added for the last time; oldest first. */
    private final Map<Key, Long> keys = new LinkedHashMap<>();
    /** Whether there are none, nor any tried; read without the lock. */
    private volatile boolean empty = true;

    /** Those that are being tried. */
    private final Set<Key> tried = new HashSet<>();

    private @Nullable Long loggedNanos;

    /** @param name how the log calls the route */
    public OwedKeys(String name) {
        this.name = name;
    }

    boolean isEmpty() {
        return empty;
    }

    /** The outcome of {@link #add}. */
    enum Added {
        NEW,
        KNOWN,
        NO_ROOM
    }

    /** Whether warm may have an item of this key that is out of date. */
    boolean has(Request request) {
        return !empty && has(Key.of(request));
    }

    private synchronized boolean has(Key key) {
        return keys.containsKey(key) || tried.contains(key);
    }

    synchronized Added add(Key key, long nowNanos) {
        boolean known = keys.remove(key) != null;
        if (keys.size() >= MOST_KEYS) {
            return Added.NO_ROOM;
        }
        log(nowNanos);
        keys.put(key, nowNanos);
        empty = false;
        return known ? Added.KNOWN : Added.NEW;
    }

    private void log(long nowNanos) {
        if (loggedNanos == null || nowNanos - loggedNanos >= LOG_NANOS) {
            loggedNanos = nowNanos;
            LOG.warn("{}: the old side failed to take a change; the key is deleted there when it answers again", name);
        }
    }

    /** Takes the oldest keys, if it is time to settle them. Each of them is {@linkplain #tried tried} then. */
    synchronized List<Key> take(long nowNanos) {
        List<Key> due = new ArrayList<>();
        if (tried.isEmpty()) {
            var each = keys.entrySet().iterator();
            while (each.hasNext() && due.size() < BATCH) {
                Map.Entry<Key, Long> oldest = each.next();
                if (nowNanos - oldest.getValue() < PAUSE_NANOS) {
                    break;
                }
                due.add(oldest.getKey());
                each.remove();
            }
            tried.addAll(due);
        }
        return due;
    }

    /**
     * One of the keys taken has been tried.
     *
     * @param again whether it is to be tried again after a pause
     * @return whether it is still owed for this time; not if it has been added once more meanwhile
     */
    synchronized boolean tried(Key key, boolean again, long nowNanos) {
        tried.remove(key);
        boolean owed = again && keys.putIfAbsent(key, nowNanos) == null;
        empty = keys.isEmpty() && tried.isEmpty();
        return owed;
    }
}
