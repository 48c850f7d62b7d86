package io.memroute.lua;

import org.jspecify.annotations.Nullable;

/**
 * A Lua table: an array part for the keys 1..n and an open-addressing hash part for the rest.
 *
 * <p>The array part holds all elements 1..{@code array.length}; holes are nil, and {@link #size} is the last that is
 * not nil. The hash part never holds a value for {@code size + 1}. So {@code size} is a border at any time and the
 * length operator costs one field read. Indexing the hash part uses a key's own hash, without boxing integers.
 *
 * <p>Slots of the hash part hold key and value side by side. Removing a key leaves the key with a nil value, so that a
 * traversal may clear the fields it visits; such dead keys go when the hash part is rebuilt. All methods here are raw:
 * no metamethod is called.
 */
public final class LuaTable {
    private static final Object[] NO_ARRAY = {};
    private static final Object[] NO_SLOTS = {null, null};

    /** The largest array part; a bigger table is a memory error, as in C Lua. */
    private static final int MAX_ARRAY = 1 << 30;

    Object[] array;
    int size;

    /**
     * Key at an even index, its value after it; the length is a power of two. At least one place for a key is always
     * empty, which ends every probe.
     */
    private Object[] slots;

    /** Keys in {@link #slots}, dead ones included. */
    private int used;

    /** Whether an integer key was ever put into the hash part since it was last rebuilt. */
    private boolean integersInSlots;

    @Nullable
    LuaTable metatable;

    /**
     * The metamethods of this table as a metatable, computed on first use, forgotten at every change of a string field.
     */
    private Metatables.@Nullable Events events;

    /** Set while this table's entries are weak; see {@link WeakEntries}. */
    @Nullable
    WeakEntries weak;

    public LuaTable() {
        array = NO_ARRAY;
        slots = NO_SLOTS;
    }

    /** A table with room for {@code arraySize} elements and {@code fields} other keys. */
    public LuaTable(int arraySize, int fields) {
        array = arraySize == 0 ? NO_ARRAY : new Object[arraySize];
        slots = fields == 0 ? NO_SLOTS : new Object[slotsFor(fields)];
    }

    /** A table whose elements 1..n are {@code values}; the array becomes the table's own. */
    public static LuaTable ofArray(Object[] values) {
        LuaTable table = new LuaTable();
        table.array = values;
        int n = values.length;
        while (n > 0 && values[n - 1] == null) {
            n--;
        }
        table.size = n;
        return table;
    }

    public @Nullable LuaTable metatable() {
        return metatable;
    }

    /** Sets or removes the metatable. Honours {@code __mode}; {@code __gc} is accepted and never run. */
    public void setMetatable(@Nullable LuaTable meta) {
        metatable = meta;
        WeakEntries.apply(this, meta);
    }

    Metatables.Events events() {
        Metatables.Events e = events;
        return e != null ? e : (events = new Metatables.Events(this));
    }

    // ---- reading ----

    /** The value at {@code key}, nil if there is none. */
    public Object get(Object key) {
        if (key instanceof LuaString s) {
            return get(s);
        }
        if (key instanceof Long i) {
            return get((long) i);
        }
        if (key instanceof Double d) {
            double v = d;
            long i = (long) v;
            if (i == v && i != Long.MAX_VALUE) {
                return get(i);
            }
        }
        return key == null ? null : getOther(key);
    }

    public Object get(LuaString key) {
        Object[] s = slots;
        int mask = s.length - 2;
        int hash = key.hashCode();
        for (int i = hash << 1 & mask; ; i = i + 2 & mask) {
            Object k = s[i];
            if (k == key) {
                return s[i + 1];
            }
            if (k == null) {
                return weak == null ? null : weak.get(key);
            }
            if (k instanceof LuaString other && other.hash == hash && key.equalBytes(other)) {
                return s[i + 1];
            }
        }
    }

    public Object get(long key) {
        long index = key - 1;
        if (index >= 0 && index < size) {
            return array[(int) index];
        }
        return integersInSlots ? getInteger(key) : null;
    }

    /** The value of a field by a Java name: for set-up code, not for hot paths. */
    public Object get(String key) {
        return get(LuaString.of(key));
    }

    private Object getInteger(long key) {
        if (weak != null) {
            return weak.get(key);
        }
        Object[] s = slots;
        int mask = s.length - 2;
        for (int i = hash(key) << 1 & mask; ; i = i + 2 & mask) {
            Object k = s[i];
            if (k == null) {
                return null;
            }
            if (k instanceof Long other && other == key) {
                return s[i + 1];
            }
        }
    }

    private Object getOther(Object key) {
        if (weak != null) {
            return weak.get(key);
        }
        int i = find(key);
        return i < 0 ? null : slots[i + 1];
    }

    /**
     * The slot of a key that is neither a float with an integer value nor nil; negative if there is none: then the bit
     * complement of the slot where it would go.
     */
    private int find(Object key) {
        Object[] s = slots;
        int mask = s.length - 2;
        for (int i = hash(key) << 1 & mask; ; i = i + 2 & mask) {
            Object k = s[i];
            if (k == key) {
                return i;
            }
            if (k == null) {
                return ~i;
            }
            if (same(k, key)) {
                return i;
            }
        }
    }

    static boolean same(Object a, Object b) {
        return switch (a) {
            case LuaString s -> s.equals(b);
            case Long n -> n.equals(b);
            case Double d -> b instanceof Double e && d.doubleValue() == e.doubleValue();
            case Boolean x -> x.equals(b);
            default -> false;
        };
    }

    static int hash(Object key) {
        return switch (key) {
            case LuaString s -> s.hashCode();
            case Long n -> hash((long) n);
            case Double d -> hash(Double.doubleToRawLongBits(d));
            case Boolean b -> b ? 1 : 2;
            default -> hash((long) System.identityHashCode(key));
        };
    }

    private static int hash(long key) {
        int h = (int) (key ^ key >>> 32) * 0x9E3779B9;
        return h ^ h >>> 15;
    }

    // ---- writing ----

    /**
     * Sets the value at {@code key}; nil removes it.
     *
     * @throws IllegalArgumentException if the key is nil or NaN, with Lua's message
     */
    public void put(Object key, Object value) {
        if (key instanceof LuaString s) {
            put(s, value);
        } else if (key instanceof Long i) {
            put((long) i, value);
        } else {
            putOther(key, value);
        }
    }

    private void putOther(Object key, Object value) {
        if (key instanceof Double d) {
            double v = d;
            long i = (long) v;
            if (i == v && i != Long.MAX_VALUE) {
                put(i, value);
                return;
            }
            if (Double.isNaN(v)) {
                throw new IllegalArgumentException("index is NaN");
            }
        } else if (key == null) {
            throw new IllegalArgumentException("index is nil");
        }
        putSlot(key, value);
    }

    public void put(LuaString key, Object value) {
        if (events != null) {
            events = null;
        }
        Object[] s = slots;
        int mask = s.length - 2;
        int hash = key.hashCode();
        for (int i = hash << 1 & mask; ; i = i + 2 & mask) {
            Object k = s[i];
            if (k == key) {
                s[i + 1] = value;
                return;
            }
            if (k == null) {
                if (value != null || weak != null) {
                    insert(key, value, i);
                }
                return;
            }
            if (k instanceof LuaString other && other.hash == hash && key.equalBytes(other)) {
                s[i + 1] = value;
                return;
            }
        }
    }

    /** Sets a field by a Java name: for set-up code. */
    public LuaTable put(String key, Object value) {
        put(LuaString.constant(key), value);
        return this;
    }

    public void put(long key, Object value) {
        long index = key - 1;
        int n = size;
        if (index >= 0 && index < n && (value != null || index < n - 1)) {
            array[(int) index] = value;
        } else {
            putBeyond(index, value);
        }
    }

    /**
     * Sets an item of a table constructor: in the array part even if items before it are nil, so that the length is
     * that of the list.
     */
    public void item(int index, Object value) {
        if (weak != null || integersInSlots) {
            put((long) index, value);
            return;
        }
        if (index > array.length) {
            growArray(index);
        }
        array[index - 1] = value;
        if (value != null && index > size) {
            size = index;
        }
    }

    /** Sets the items from {@code first} on to the results of a call: the end of a table constructor. */
    public void items(int first, Object results) {
        if (!Results.isMany(results)) {
            item(first, results);
            return;
        }
        Object[] values = (Object[]) results;
        int last = first - 1 + values.length;
        if (last > array.length && !integersInSlots) {
            growArray(last);
        }
        for (int i = 0; i < values.length; i++) {
            item(first + i, values[i]);
        }
    }

    private void putBeyond(long index, Object value) {
        if (weak != null) {
            weak.put(index + 1, value);
        } else if (index >= 0 && index < array.length) {
            if (index == size - 1) {
                removeLast();
            } else if (value != null) {
                array[(int) index] = value;
                size = (int) index + 1;
                if (size == array.length && integersInSlots) {
                    absorb();
                }
            }
        } else if (index == size && value != null) {
            append(value);
        } else {
            putSlot(index + 1, value);
        }
    }

    /** Adds the element after the last of a full array part. */
    private void append(Object value) {
        int n = size;
        if (n >= LARGE && isSparse()) {
            moveToSlots();
            putSlot(n + 1L, value);
            return;
        }
        growArray(n + 1)[n] = value;
        size = n + 1;
        if (integersInSlots) {
            absorb();
        }
    }

    /** Array parts this large are looked at before they grow: one used as a queue is mostly holes. */
    private static final int LARGE = 64;

    private boolean isSparse() {
        int holes = 0;
        for (int i = 0; i < size; i++) {
            if (array[i] == null) {
                holes++;
            }
        }
        return holes > size / 2;
    }

    private void moveToSlots() {
        Object[] old = array;
        int n = size;
        array = NO_ARRAY;
        size = 0;
        for (int i = 0; i < n; i++) {
            if (old[i] != null) {
                putSlot(i + 1L, old[i]);
            }
        }
    }

    /**
     * Inserts an element before the one at {@code position}, moving that and the later ones up; false, with nothing
     * done, unless all of 1..{@code length()} is in the array part and {@code position} among it.
     */
    public boolean insertElement(long position, Object value) {
        int n = size;
        if (weak != null || position < 1 || position > n || value == null || integersInSlots) {
            return false;
        }
        Object[] a = n == array.length ? growArray(n + 1) : array;
        int at = (int) position - 1;
        System.arraycopy(a, at, a, at + 1, n - at);
        a[at] = value;
        size = n + 1;
        return true;
    }

    /**
     * Removes the element at {@code position} and moves the later ones down; {@code position} must be within
     * 1..{@code length()} and the table not weak.
     */
    public Object removeElement(long position) {
        Object[] a = array;
        int n = size;
        int at = (int) position - 1;
        Object removed = a[at];
        System.arraycopy(a, at + 1, a, at, n - at - 1);
        a[n - 1] = null;
        size = n - 1;
        while (size > 0 && a[size - 1] == null) {
            size--;
        }
        return removed;
    }

    /** Whether elements are held weakly, so that the collector may take them out at any time. */
    public boolean isWeak() {
        return weak != null;
    }

    private Object[] growArray(int atLeast) {
        if (atLeast > MAX_ARRAY) {
            throw new OutOfMemoryError("table overflow");
        }
        int capacity = Math.max(4, array.length);
        while (capacity < atLeast) {
            capacity <<= 1;
        }
        Object[] a = new Object[capacity];
        System.arraycopy(array, 0, a, 0, size);
        return array = a;
    }

    private void removeLast() {
        Object[] a = array;
        int n = size - 1;
        a[n] = null;
        while (n > 0 && a[n - 1] == null) {
            n--;
        }
        size = n;
    }

    /**
     * Moves what belongs into the array part, as it is now, out of the hash part; extends the array part as long as its
     * end is followed by an element.
     */
    private void absorb() {
        do {
            if (size == array.length) {
                growArray(size + 1);
            }
            Object[] s = slots;
            for (int i = 0; i < s.length; i += 2) {
                if (s[i + 1] != null && s[i] instanceof Long k && k > 0 && k <= array.length) {
                    array[(int) (k - 1)] = s[i + 1];
                    s[i + 1] = null;
                    size = Math.max(size, (int) (long) k);
                }
            }
        } while (size == array.length && getInteger(size + 1L) != null);
    }

    private void putSlot(Object key, Object value) {
        int i = find(key);
        if (i >= 0) {
            slots[i + 1] = value;
        } else if (value != null || weak != null) {
            insert(key, value, ~i);
        }
    }

    private void insert(Object key, Object value, int free) {
        if (weak != null) {
            weak.put(key, value);
            return;
        }
        int capacity = slots.length >> 1;
        if (used + 1 > capacity - (capacity >> 2) || capacity == 1) {
            rebuild(key);
            put(key, value);
            return;
        }
        if (key instanceof Long) {
            integersInSlots = true;
        }
        used++;
        slots[free] = key;
        slots[free + 1] = value;
    }

    /** Slots (two per key) for so many keys, at most three quarters full. */
    private static int slotsFor(int keys) {
        int capacity = 4;
        while (keys > capacity - (capacity >> 2)) {
            capacity <<= 1;
        }
        return capacity << 1;
    }

    /**
     * Rebuilds the hash part with room for one more key, {@code extra}; integer keys move to the array part if that is
     * then more than half full.
     */
    private void rebuild(Object extra) {
        Object[] old = slots;
        if (integersInSlots || extra instanceof Long) {
            int target = bestArraySize(extra);
            if (target > array.length) {
                moveToArray(target);
            }
        }
        int live = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != null && old[i + 1] != null) {
                live++;
            }
        }
        Object[] s = new Object[slotsFor(live + 1 + (live >> 1))];
        int mask = s.length - 2;
        boolean integers = false;
        for (int i = 0; i < old.length; i += 2) {
            Object k = old[i];
            if (k != null && old[i + 1] != null) {
                int j = hash(k) << 1 & mask;
                while (s[j] != null) {
                    j = j + 2 & mask;
                }
                s[j] = k;
                s[j + 1] = old[i + 1];
                integers |= k instanceof Long;
            }
        }
        slots = s;
        used = live;
        integersInSlots = integers;
    }

    /**
     * The largest n (a power of two) such that more than half of the keys 1..n are in use, counting {@code extra}; C
     * Lua's rule for the array part.
     */
    private int bestArraySize(Object extra) {
        int[] counts = new int[32];
        for (int i = 0; i < size; i++) {
            if (array[i] != null) {
                counts[power(i + 1)]++;
            }
        }
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i + 1] != null && slots[i] instanceof Long k && k > 0 && k <= MAX_ARRAY) {
                counts[power(k)]++;
            }
        }
        if (extra instanceof Long k && k > 0 && k <= MAX_ARRAY) {
            counts[power(k)]++;
        }
        int best = 0;
        int total = 0;
        for (int p = 0; p < 31; p++) {
            total += counts[p];
            if (total > (1 << p) / 2) {
                best = 1 << p;
            }
        }
        return best;
    }

    /** The p with 2^(p-1) < key <= 2^p. */
    private static int power(long key) {
        return 64 - Long.numberOfLeadingZeros(key - 1);
    }

    private void moveToArray(int target) {
        if (array.length < target) {
            growArray(target);
        }
        absorb();
    }

    // ---- length and traversal ----

    /** A border: n such that element n is not nil (or n is 0) and element n + 1 is. */
    public long length() {
        return weak == null ? size : weak.length();
    }

    /**
     * The position after {@code position} that holds an entry, or -1; start with -1. Positions stay valid while
     * existing fields are changed or cleared.
     */
    public int next(int position) {
        if (weak != null) {
            return weak.next(position);
        }
        int i = position + 1;
        Object[] a = array;
        int n = size;
        if (i < n) {
            for (; i < n; i++) {
                if (a[i] != null) {
                    return i;
                }
            }
        }
        int capacity = a.length;
        if (i < capacity) {
            i = capacity;
        }
        Object[] s = slots;
        for (int j = (i - capacity << 1) + 1; j < s.length; j += 2, i++) {
            if (s[j] != null) {
                return i;
            }
        }
        return -1;
    }

    /** The key at a position that {@link #next(int)} returned. */
    public Object keyAt(int position) {
        int capacity = array.length;
        if (position < capacity) {
            return (long) position + 1;
        }
        return weak == null ? slots[position - capacity << 1] : weak.keyAt(position);
    }

    /** The value at a position that {@link #next(int)} returned; nil if it was cleared since. */
    public Object valueAt(int position) {
        int capacity = array.length;
        if (position < capacity) {
            return array[position];
        }
        return weak == null ? slots[(position - capacity << 1) + 1] : weak.valueAt(position);
    }

    /** The position of a key (dead or alive), -1 for nil, -2 if the table has no such key. */
    public int positionOf(Object key) {
        Object k = key;
        if (k == null) {
            return -1;
        }
        if (k instanceof Double d && LuaNumber.isIntegral(d)) {
            k = (long) (double) d;
        }
        if (k instanceof Long n && n >= 1 && n <= array.length) {
            return (int) (n - 1);
        }
        if (weak != null) {
            return weak.positionOf(k);
        }
        int i = find(k);
        return i < 0 ? -2 : array.length + (i >> 1);
    }

    // ---- for WeakEntries ----

    /** Takes all entries out of the table, which from now on keeps them in {@code entries}, if given, or in itself. */
    void setWeak(@Nullable WeakEntries entries) {
        array = NO_ARRAY;
        size = 0;
        slots = NO_SLOTS;
        used = 0;
        weak = entries;
        integersInSlots = entries != null;
    }
}
