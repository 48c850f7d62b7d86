package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import java.util.Arrays;

/**
 * {@code table.sort} (manual section 6.6).
 *
 * <p>A list of nothing but integers, nothing but floats or nothing but strings, in a plain table and without an order
 * function, is sorted by the JDK. Anything else is sorted by quicksort with the median of three as pivot, the algorithm
 * of C Lua, which stays within the list and ends whatever an inconsistent order function answers, and notices most such
 * functions.
 *
 * <p>Elements of a plain table are sorted in a copy and written back at the end, so an order function that fails leaves
 * the table as it was. Elements behind metamethods are read and written one by one.
 */
final class TableSort extends Function2 {
    /** Longer ranges take their pivot from a random place if partitions turn out lopsided. */
    private static final int RANDOM_PIVOT_FROM = 100;

    /** A partition this much smaller than the other is lopsided. */
    private static final int LOPSIDED = 128;

    TableSort() {
        super("sort");
    }

    @Override
    public Object call(LuaState L, Object table, Object order) {
        TableLibrary.check(L, table, 1, true, true, true);
        long length = TableLibrary.length(L, table);
        if (length <= 1) {
            return Results.NONE;
        }
        if (length >= Integer.MAX_VALUE) {
            throw Args.bad(L, 1, "array too big");
        }
        LuaFunction function = order == null ? null : Args.function(L, order, 2);
        if (function instanceof CoroutineLibrary.Yield) {
            // An order that only yields is a mistake. One that yields on its way to an answer is not: unlike in C Lua
            // it may.
            throw L.error("attempt to yield across a C-call boundary");
        }
        int size = (int) length;
        if (!(table instanceof LuaTable plain) || plain.metatable() != null) {
            new Sorting(L, table, null, function).sort(1, size, 0);
            return Results.NONE;
        }
        L.reserve(8L * size);
        Object[] elements = new Object[size];
        for (int i = 0; i < size; i++) {
            elements[i] = plain.get(i + 1L);
        }
        if (function != null || !sortAlike(L, elements)) {
            new Sorting(L, plain, elements, function).sort(1, size, 0);
        }
        for (int i = 0; i < size; i++) {
            plain.put(i + 1L, elements[i]);
        }
        return Results.NONE;
    }

    /** Sorts elements that are all integers, all floats (no NaN) or all strings; false if they are not. */
    private static boolean sortAlike(LuaState L, Object[] elements) {
        L.charge(elements.length);
        Object first = elements[0];
        if (first instanceof LuaString) {
            for (Object element : elements) {
                if (!(element instanceof LuaString)) {
                    return false;
                }
            }
            Arrays.sort(elements);
            return true;
        }
        if (first instanceof Long) {
            long[] numbers = new long[elements.length];
            for (int i = 0; i < numbers.length; i++) {
                if (!(elements[i] instanceof Long n)) {
                    return false;
                }
                numbers[i] = n;
            }
            Arrays.sort(numbers);
            for (int i = 0; i < numbers.length; i++) {
                elements[i] = numbers[i];
            }
            return true;
        }
        if (first instanceof Double) {
            double[] numbers = new double[elements.length];
            for (int i = 0; i < numbers.length; i++) {
                if (!(elements[i] instanceof Double n) || n.isNaN()) {
                    return false;
                }
                numbers[i] = n;
            }
            Arrays.sort(numbers);
            for (int i = 0; i < numbers.length; i++) {
                elements[i] = numbers[i];
            }
            return true;
        }
        return false;
    }

    /**
     * One run of quicksort over positions from 1, of an array if there is one, else of a table through its metamethods.
     */
    private static final class Sorting {
        private final LuaState L;
        private final Object table;
        private final Object[] elements;
        private final LuaFunction order;
        private int steps;

        Sorting(LuaState L, Object table, Object[] elements, LuaFunction order) {
            this.L = L;
            this.table = table;
            this.elements = elements;
            this.order = order;
        }

        private Object get(int position) {
            return elements != null ? elements[position - 1] : TableLibrary.get(L, table, position);
        }

        private void set(int position, Object value) {
            if (elements != null) {
                elements[position - 1] = value;
            } else {
                TableLibrary.set(L, table, position, value);
            }
        }

        private boolean less(Object a, Object b) {
            if ((++steps & 1023) == 0) {
                L.charge(1024);
            }
            return order == null ? L.lessThan(a, b) : Args.truth(Results.first(L.call(order, a, b)));
        }

        void sort(int from, int to, int randomness) {
            int low = from;
            int high = to;
            int random = randomness;
            while (low < high) {
                swapIfLess(high, low);
                if (high - low == 1) {
                    return;
                }
                boolean central = high - low < RANDOM_PIVOT_FROM || random == 0;
                int middle = central ? low + high >>> 1 : randomMiddle(low, high, random);
                if (!swapIfLess(middle, low)) {
                    swapIfLess(high, middle);
                }
                if (high - low == 2) {
                    return;
                }
                Object pivot = get(middle);
                set(middle, get(high - 1));
                set(high - 1, pivot);
                int split = partition(low, high, pivot);
                int smaller;
                if (split - low < high - split) {
                    sort(low, split - 1, random);
                    smaller = split - low;
                    low = split + 1;
                } else {
                    sort(split + 1, high, random);
                    smaller = high - split;
                    high = split - 1;
                }
                if ((high - low) / LOPSIDED > smaller) {
                    random = (int) System.nanoTime() | 1;
                }
            }
        }

        /** Swaps the two if the first is less; returns whether it was. */
        private boolean swapIfLess(int first, int second) {
            Object b = get(second);
            Object a = get(first);
            if (!less(a, b)) {
                return false;
            }
            set(second, a);
            set(first, b);
            return true;
        }

        private static int randomMiddle(int low, int high, int random) {
            int quarter = (high - low) / 4;
            return Integer.remainderUnsigned(random, quarter * 2) + low + quarter;
        }

        /** Parts low+1..high-2 around the pivot at high-1; returns where the pivot ends up. */
        private int partition(int low, int high, Object pivot) {
            int i = low;
            int j = high - 1;
            while (true) {
                Object a = get(++i);
                while (less(a, pivot)) {
                    if (i == high - 1) {
                        throw invalidOrder();
                    }
                    a = get(++i);
                }
                Object b = get(--j);
                while (less(pivot, b)) {
                    if (j < i) {
                        throw invalidOrder();
                    }
                    b = get(--j);
                }
                if (j < i) {
                    set(high - 1, a);
                    set(i, pivot);
                    return i;
                }
                set(i, b);
                set(j, a);
            }
        }

        private RuntimeException invalidOrder() {
            return L.error("invalid order function for sorting");
        }
    }
}
