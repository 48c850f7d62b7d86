package io.memroute.store;

/**
 * The slab class that memcached, with its default settings, keeps an item of a size in. The store has no slabs;
 * {@code me} shows the number.
 */
final class SlabClass {
    private static final int SMALLEST = 96;
    private static final double GROWTH = 1.25;
    private static final int ALIGNMENT = 8;
    private static final int PAGE = 1 << 20;

    private SlabClass() {}

    static int of(int size, int itemSizeLimit) {
        int chunkMax = Math.min(PAGE / 2, itemSizeLimit);
        int slab = 1;
        for (double chunk = SMALLEST; chunk < chunkMax / GROWTH; slab++) {
            int aligned = ((int) chunk + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            if (size <= aligned) {
                return slab;
            }
            chunk = (int) (aligned * GROWTH);
        }
        return slab;
    }
}
