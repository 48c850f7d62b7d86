package io.memroute.store;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The order in which items go when the store is full: memcached's segmented LRU.
 *
 * <p>A store may refuse nothing that it has answered {@code STORED} to. That rules out policies which weigh a new item
 * against old ones and may turn it away, such as Caffeine's W-TinyLFU: full of small items in use, it drops a large new
 * one at once. So every new item enters, and something older goes.
 *
 * <p>Three queues, each from its newest item to its oldest:
 *
 * <ul>
 *   <li>HOT takes new items. What leaves its end goes to WARM if it is <em>active</em>, fetched twice or more, else to
 *       COLD.
 *   <li>WARM keeps what is in use. At its end an active item begins anew and an inactive one goes to COLD.
 *   <li>COLD is what is given up, oldest first, except that an active item goes back to WARM.
 * </ul>
 *
 * HOT and WARM have a share of the bound each; COLD has what is left. One pass of new items that nobody asks for twice
 * therefore empties COLD only.
 *
 * <p>A fetch moves nothing: it sets marks in the item, without a lock. Only storing and removing take the lock, for as
 * long as it takes to set a few links. Items that have to go are taken out of the queues here and given to the caller,
 * who removes them from the index outside the lock.
 *
 * <p>An item is indexed before it is linked, and may be removed between the two by another thread. {@link Item#queue}
 * tells: linking begins from {@link #NEW} only, and a removal leaves {@link #GONE}.
 *
 * <p>Longer than 300 lines: one lock guards the three queues and the links of their items, so they stand together.
 *
 * @see "memcached: doc/new_lru.txt"
 */
final class SegmentedLru {

    /** The queue of an item that is not linked yet. */
    static final byte NEW = 0;

    private static final byte HOT = 1;
    private static final byte WARM = 2;
    private static final byte COLD = 3;
    /** Removed, and never to be linked. */
    static final byte GONE = 4;

    /** Parts of the bound that HOT and WARM may take: memcached's {@code hot_lru_pct} and {@code warm_lru_pct}. */
    private static final double HOT_SHARE = 0.2;

    private static final double WARM_SHARE = 0.4;

    /**
     * The number of active items that are spared before one goes all the same. Bounds the time that a single request
     * takes when all items are active; with nine in ten active, one decision of thirty is cut short.
     */
    private static final int SECOND_CHANCES = 32;

    /**
     * The number of items that are taken out while the lock is held: making room for a large one among small ones takes
     * thousands.
     */
    private static final int MOST_AT_ONCE = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue hot = new Queue(HOT);
    private final Queue warm = new Queue(WARM);
    private final Queue cold = new Queue(COLD);
    private long movesToCold;
    private long movesToWarm;
    private long movesWithin;
    /** The number of active items that may still be spared in the present decision. */
    private int chances;
    /** Written under the lock. */
    private volatile long maximumWeight;

    SegmentedLru(long maximumWeight) {
        this.maximumWeight = maximumWeight;
    }

    /**
     * Makes an item the newest.
     *
     * @param replaced what had its key before, if something had
     * @return as {@link #overflow} does, sparing this item
     */
    @Nullable
    Item add(Item item, @Nullable Item replaced) {
        lock.lock();
        try {
            if (replaced != null) {
                unlink(replaced);
            }
            if (item.queue == NEW) {
                hot.addNewest(item);
            }
            return takeOverflow(item);
        } finally {
            lock.unlock();
        }
    }

    /** Puts an item in the place of one of the same weight. */
    void substitute(Item item, Item replaced) {
        lock.lock();
        try {
            if (item.queue == NEW) {
                Queue queue = queueOf(replaced);
                if (queue == null) {
                    hot.addNewest(item);
                } else {
                    queue.addBehind(item, replaced);
                }
            }
            unlink(replaced);
        } finally {
            lock.unlock();
        }
    }

    void remove(Item item) {
        lock.lock();
        try {
            unlink(item);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes out items that have to go for the bound to hold; call again until there are none.
     *
     * @param spared does not go, because it has just been stored
     * @return the first of them, linked by {@link Item#older}; none if the bound holds
     */
    @Nullable
    Item overflow(@Nullable Item spared) {
        lock.lock();
        try {
            return takeOverflow(spared);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Item takeOverflow(@Nullable Item spared) {
        chances = SECOND_CHANCES;
        shrinkHot();
        shrinkWarm();
        Item victims = null;
        for (int taken = 0; taken < MOST_AT_ONCE && weight() > maximumWeight; taken++) {
            Item victim = victim(spared);
            if (victim == null) {
                break;
            }
            unlink(victim);
            victim.older = victims;
            victims = victim;
        }
        return victims;
    }

    private void shrinkHot() {
        long share = (long) (maximumWeight * HOT_SHARE);
        for (Item oldest = hot.oldest; oldest != null && hot.weight > share; oldest = hot.oldest) {
            move(oldest, hot, oldest.active ? warm : cold);
        }
    }

    private void shrinkWarm() {
        long share = (long) (maximumWeight * WARM_SHARE);
        for (Item oldest = warm.oldest; oldest != null && warm.weight > share; oldest = warm.oldest) {
            move(oldest, warm, oldest.active && chances-- > 0 ? warm : cold);
        }
    }

    private @Nullable Item victim(@Nullable Item spared) {
        chances = SECOND_CHANCES;
        Item oldest = cold.oldest;
        while (oldest != null && oldest != spared && oldest.active && chances-- > 0) {
            move(oldest, cold, warm);
            shrinkWarm();
            oldest = cold.oldest;
        }
        Item victim = cold.oldestBut(spared);
        if (victim == null) {
            victim = warm.oldestBut(spared);
        }
        return victim != null ? victim : hot.oldestBut(spared);
    }

    private void move(Item item, Queue from, Queue to) {
        if (from == to) {
            movesWithin++;
        } else if (to == warm) {
            movesToWarm++;
        } else {
            movesToCold++;
        }
        from.remove(item);
        item.active = false;
        to.addNewest(item);
    }

    private void unlink(Item item) {
        Queue queue = queueOf(item);
        if (queue != null) {
            queue.remove(item);
        }
        item.queue = GONE;
    }

    private @Nullable Queue queueOf(Item item) {
        return switch (item.queue) {
            case HOT -> hot;
            case WARM -> warm;
            case COLD -> cold;
            default -> null;
        };
    }

    private long weight() {
        return hot.weight + warm.weight + cold.weight;
    }

    /** The number of moves: to COLD, to WARM, and from the end of WARM to its beginning. */
    long[] moves() {
        lock.lock();
        try {
            return new long[] {movesToCold, movesToWarm, movesWithin};
        } finally {
            lock.unlock();
        }
    }

    /** The sum of the weights of all items. */
    long weightNow() {
        lock.lock();
        try {
            return weight();
        } finally {
            lock.unlock();
        }
    }

    long maximumWeight() {
        return maximumWeight;
    }

    /** The caller then lets {@linkplain #overflow go} what is too much. */
    void setMaximumWeight(long weight) {
        lock.lock();
        try {
            maximumWeight = weight;
        } finally {
            lock.unlock();
        }
    }

    /** Items linked both ways. All of it is guarded by the lock. */
    private static final class Queue {
        private final byte name;
        private @Nullable Item newest;
        private @Nullable Item oldest;
        private long weight;

        Queue(byte name) {
            this.name = name;
        }

        /** The oldest item that is not the one given, if there is one. */
        @Nullable
        Item oldestBut(@Nullable Item spared) {
            return oldest != null && oldest == spared ? oldest.newer : oldest;
        }

        void addNewest(Item item) {
            item.queue = name;
            item.newer = null;
            item.older = newest;
            if (newest == null) {
                oldest = item;
            } else {
                newest.newer = item;
            }
            newest = item;
            weight += item.weight();
        }

        /** Puts an item where the next older one than {@code newer} was. */
        void addBehind(Item item, Item newer) {
            Item older = newer.older;
            item.queue = name;
            item.newer = newer;
            item.older = older;
            newer.older = item;
            if (older == null) {
                oldest = item;
            } else {
                older.newer = item;
            }
            weight += item.weight();
        }

        void remove(Item item) {
            if (item.newer == null) {
                newest = item.older;
            } else {
                item.newer.older = item.older;
            }
            if (item.older == null) {
                oldest = item.newer;
            } else {
                item.older.newer = item.newer;
            }
            item.newer = null;
            item.older = null;
            weight -= item.weight();
        }
    }
}
