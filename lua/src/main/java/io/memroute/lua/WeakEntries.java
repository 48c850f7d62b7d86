package io.memroute.lua;

import java.lang.ref.WeakReference;

/**
 * The entries of a table whose metatable has a {@code __mode}: all of them, in an open-addressing array of their own,
 * so that ordinary tables pay nothing for weakness.
 *
 * <p>Collectable keys ({@code k}) or values ({@code v}) are held by weak references; strings, numbers and booleans are
 * values and stay. A value that refers to its own weak key keeps the entry alive: the JVM has no ephemerons.
 */
final class WeakEntries {
    private final boolean weakKeys;
    private final boolean weakValues;
    private Object[] slots = new Object[8];
    private int used;

    private WeakEntries(boolean weakKeys, boolean weakValues) {
        this.weakKeys = weakKeys;
        this.weakValues = weakValues;
    }

    private static final class WeakKey extends WeakReference<Object> {
        final int hash;

        WeakKey(Object key, int hash) {
            super(key);
            this.hash = hash;
        }
    }

    /** Makes the table weak or strong as its new metatable wants it. */
    static void apply(LuaTable table, LuaTable meta) {
        boolean keys = false;
        boolean values = false;
        if (meta != null && meta.get(Metatables.MODE) instanceof LuaString mode) {
            for (byte b : mode.bytes()) {
                keys |= b == 'k';
                values |= b == 'v';
            }
        }
        WeakEntries old = table.weak;
        if (old == null ? !keys && !values : old.weakKeys == keys && old.weakValues == values) {
            return;
        }
        LuaTable copy = new LuaTable();
        for (int i = table.next(-1); i >= 0; i = table.next(i)) {
            Object key = table.keyAt(i);
            Object value = table.valueAt(i);
            if (key != null && value != null) {
                copy.put(key, value);
            }
        }
        table.setWeak(keys || values ? new WeakEntries(keys, values) : null);
        for (int i = copy.next(-1); i >= 0; i = copy.next(i)) {
            table.put(copy.keyAt(i), copy.valueAt(i));
        }
    }

    private static boolean collectable(Object value) {
        return !(value instanceof LuaString
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean);
    }

    private int find(Object key) {
        int mask = slots.length - 2;
        for (int i = LuaTable.hash(key) << 1 & mask; ; i = i + 2 & mask) {
            Object k = slots[i];
            if (k == null) {
                return ~i;
            }
            if (k instanceof WeakKey w ? w.refersTo(key) : k == key || LuaTable.same(k, key)) {
                return i;
            }
        }
    }

    Object get(Object key) {
        int i = find(key);
        return i < 0 ? null : strong(slots[i + 1]);
    }

    private static Object strong(Object held) {
        return held instanceof WeakReference<?> w ? w.get() : held;
    }

    void put(Object key, Object value) {
        Object held = value != null && weakValues && collectable(value) ? new WeakReference<>(value) : value;
        int i = find(key);
        if (i >= 0) {
            slots[i + 1] = held;
            return;
        }
        if (value == null) {
            return;
        }
        if (used + 1 > (slots.length >> 1) * 3 / 4) {
            rebuild();
            i = find(key);
        }
        slots[~i] = weakKeys && collectable(key) ? new WeakKey(key, LuaTable.hash(key)) : key;
        slots[~i + 1] = held;
        used++;
    }

    private void rebuild() {
        Object[] old = slots;
        int live = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (live(old, i)) {
                live++;
            }
        }
        int capacity = 4;
        while ((live + 1) * 2 > capacity) {
            capacity <<= 1;
        }
        Object[] s = new Object[capacity * 2];
        int mask = s.length - 2;
        used = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (live(old, i)) {
                int j = (old[i] instanceof WeakKey w ? w.hash : LuaTable.hash(old[i])) << 1 & mask;
                while (s[j] != null) {
                    j = j + 2 & mask;
                }
                s[j] = old[i];
                s[j + 1] = old[i + 1];
                used++;
            }
        }
        slots = s;
    }

    private static boolean live(Object[] slots, int i) {
        return slots[i] != null && strong(slots[i]) != null && strong(slots[i + 1]) != null;
    }

    long length() {
        long n = 0;
        while (get(n + 1) != null) {
            n++;
        }
        return n;
    }

    int next(int position) {
        for (int i = position + 1; i << 1 < slots.length; i++) {
            if (live(slots, i << 1)) {
                return i;
            }
        }
        return -1;
    }

    Object keyAt(int position) {
        return strong(slots[position << 1]);
    }

    Object valueAt(int position) {
        return strong(slots[(position << 1) + 1]);
    }

    int positionOf(Object key) {
        int i = find(key);
        return i < 0 ? -2 : i >> 1;
    }
}
