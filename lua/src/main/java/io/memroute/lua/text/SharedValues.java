package io.memroute.lua.text;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps one object of each value, as long as it is referenced elsewhere: a process that loads one text after the other
 * keeps the names of those in use. Thread safe.
 */
public final class SharedValues<T> {

    /** Equal to another as their values are; when its own has gone, to itself only, so that it can still be removed. */
    private static final class Entry<T> extends WeakReference<T> {
        private final int hash;

        Entry(T value, ReferenceQueue<T> dropped) {
            super(value, dropped);
            hash = value.hashCode();
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object o) {
            if (this == o) {
                return true;
            }
            T value = get();
            return value != null && o instanceof Entry<?> other && value.equals(other.get());
        }
    }

    private final ConcurrentMap<Entry<T>, Entry<T>> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<T> dropped = new ReferenceQueue<>();

    /** The shared object equal to {@code value}, which is that itself if there was none. */
    public T share(T value) {
        for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
            entries.remove(gone);
        }
        Entry<T> added = new Entry<>(value, dropped);
        while (true) {
            Entry<T> known = entries.putIfAbsent(added, added);
            if (known == null) {
                return value;
            }
            T shared = known.get();
            if (shared != null) {
                return shared;
            }
            entries.remove(known);
        }
    }

    /** The number of values held. */
    public int size() {
        return entries.size();
    }
}
