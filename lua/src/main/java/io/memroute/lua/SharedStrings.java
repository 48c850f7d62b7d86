package io.memroute.lua;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Strings that are the only objects of their bytes, as long as anybody holds them: a process that loads one text after
 * the other keeps the names of those in use. Thread safe.
 */
final class SharedStrings {

    /**
     * Equal to another as their strings are; when its own has gone, to itself only, so that it can still be removed.
     */
    private static final class Entry extends WeakReference<LuaString> {
        private final int hash;

        Entry(LuaString string, ReferenceQueue<LuaString> dropped) {
            super(string, dropped);
            hash = string.hashCode();
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
            LuaString string = get();
            return string != null && o instanceof Entry other && string.equals(other.get());
        }
    }

    private final ConcurrentMap<Entry, Entry> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<LuaString> dropped = new ReferenceQueue<>();

    /** The shared object equal to {@code string}, which is that itself if there was none. */
    LuaString share(LuaString string) {
        for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
            entries.remove(gone);
        }
        Entry added = new Entry(string, dropped);
        while (true) {
            Entry known = entries.putIfAbsent(added, added);
            if (known == null) {
                return string;
            }
            LuaString shared = known.get();
            if (shared != null) {
                return shared;
            }
            entries.remove(known);
        }
    }

    /** How many are held. */
    int size() {
        return entries.size();
    }
}
