package io.memroute.store;

import java.util.concurrent.atomic.LongAdder;

/** Counts from all threads without contention. */
final class Counters {
    private final LongAdder[] adders = new LongAdder[Counter.values().length];

    Counters() {
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
    }

    void add(Counter counter) {
        adders[counter.ordinal()].increment();
    }

    long get(Counter counter) {
        return adders[counter.ordinal()].sum();
    }

    void reset() {
        for (LongAdder adder : adders) {
            adder.reset();
        }
    }
}
