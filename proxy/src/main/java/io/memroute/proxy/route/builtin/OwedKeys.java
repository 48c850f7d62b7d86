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
 * server fails. Reloads hand them on. Any thread.
 */
public final class OwedKeys {

    /** Some ten megabytes of keys of usual length. */
    static final int MOST_KEYS = 50_000;

    /** Settled at a time: what a server that has come back answers in a few milliseconds. */
    static final int BATCH = 500;

    /** Tried at a time until one succeeds: some of them belong to a server that is up, if one of the pool's is. */
    static final int TRIAL = 20;

    /**
     * A key is owed for at least so long: a server may still carry out what it was sent on a connection that is lost.
     * After a failure nothing is tried for so long.
     */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The log says each thing at most so often. */
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(OwedKeys.class);

    /**
     * A key as it was written. Its base64 text and the key itself are two: a pool may have them on different servers.
     *
     * @param base64 whether the key is base64 text for a server of the meta protocol
     */
    record Key(ByteBuffer bytes, boolean base64) {

        static Key of(Request request) {
            byte[] bytes = new byte[request.keyLength()];
            request.buffer().getBytes(request.keyIndex(), bytes);
            return new Key(ByteBuffer.wrap(bytes), request.base64Key());
        }
    }

    private volatile String name;
    /** The keys, and when each was added for the last time; oldest first. */
    private final Map<Key, Long> keys = new LinkedHashMap<>();
    /** Whether there are none, nor any tried; read without the lock. */
    private volatile boolean empty = true;

    /** The keys that are being tried. */
    private final Set<Key> tried = new HashSet<>();

    /** Whether one of the keys that were taken last has been settled. */
    private boolean settles;

    private @Nullable Long failedNanos;
    private @Nullable Long loggedNanos;
    private @Nullable Long loggedLossNanos;

    /** @param name how the log calls the route */
    public OwedKeys(String name) {
        this.name = name;
    }

    /** Changes how the log calls the route: a new configuration may have it at another place. */
    public OwedKeys named(String newName) {
        name = newName;
        return this;
    }

    /** Whether nothing is owed. */
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

    /** Adds a key of which warm has failed to take a change now. */
    synchronized Added add(Key key, long nowNanos) {
        boolean known = keys.remove(key) != null || tried.contains(key);
        if (!known && keys.size() + tried.size() >= MOST_KEYS) {
            return Added.NO_ROOM;
        }
        if (isTimeToLog(loggedNanos, nowNanos)) {
            loggedNanos = nowNanos;
            LOG.warn("{}: the old side failed to take a change; the key is deleted there when it answers again", name);
        }
        keys.put(key, nowNanos);
        empty = false;
        return known ? Added.KNOWN : Added.NEW;
    }

    /** Logs that a key is given up. */
    synchronized void givenUp(String reason, long nowNanos) {
        if (isTimeToLog(loggedLossNanos, nowNanos)) {
            loggedLossNanos = nowNanos;
            LOG.warn("{}: a key is given up, and an item may stay out of date: {}", name, reason);
        }
    }

    private static boolean isTimeToLog(@Nullable Long lastNanos, long nowNanos) {
        return lastNanos == null || nowNanos - lastNanos >= LOG_NANOS;
    }

    /** Takes the oldest keys, if it is time to settle them. Each of them is {@linkplain #tried tried} then. */
    synchronized List<Key> take(long nowNanos) {
        List<Key> due = new ArrayList<>();
        if (tried.isEmpty() && (failedNanos == null || nowNanos - failedNanos >= PAUSE_NANOS)) {
            int most = settles ? BATCH : TRIAL;
            var each = keys.entrySet().iterator();
            while (each.hasNext() && due.size() < most) {
                Map.Entry<Key, Long> oldest = each.next();
                if (nowNanos - oldest.getValue() < PAUSE_NANOS) {
                    break;
                }
                due.add(oldest.getKey());
                each.remove();
            }
            tried.addAll(due);
            if (!due.isEmpty()) {
                settles = false;
            }
        }
        return due;
    }

    /**
     * Notes that one of the keys taken has been tried.
     *
     * @param again whether it is to be tried again after a pause
     * @return whether it is still owed, also because it has been added once more meanwhile
     */
    synchronized boolean tried(Key key, boolean again, long nowNanos) {
        tried.remove(key);
        if (again) {
            failedNanos = nowNanos;
            keys.putIfAbsent(key, nowNanos);
        } else {
            settles = true;
        }
        empty = keys.isEmpty() && tried.isEmpty();
        return keys.containsKey(key);
    }
}
