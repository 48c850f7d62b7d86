package io.memroute.bench.store;

import io.memroute.store.Store;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Prints how many of a cache's readers find what they ask for, when each stores what it misses. Traces are made up:
 * skewed keys alone, skewed keys that others take the place of, and skewed keys interrupted by scans.
 *
 * <p>{@code java -cp bench/target/benchmarks.jar io.memroute.bench.store.HitRatio}
 */
public final class HitRatio {

    private static final int KEYS = 1_000_000;
    private static final int REQUESTS = 5_000_000;
    private static final int VALUE_BYTES = 200;
    private static final int[] MEGABYTES = {4, 16, 64};

    private HitRatio() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        System.out.printf("%-28s", "trace");
        for (int megabytes : MEGABYTES) {
            System.out.printf("%8s", "-m " + megabytes);
        }
        System.out.println();
        print("skew 0.8", 0.8, false, 0);
        print("skew 0.99", 0.99, false, 0);
        print("skew 0.99, keys change", 0.99, true, 0);
        print("skew 0.99, a third scanned", 0.99, false, 50_000);
        System.out.println();
        System.out.println("of 100 items of 1 MB, stored among hot small ones, found at once: " + foundAtOnce());
    }

    private static void print(String name, double skew, boolean moving, int scan) {
        System.out.printf("%-28s", name);
        for (int megabytes : MEGABYTES) {
            System.out.printf("%7.2f%%", 100 * ratio(megabytes, trace(skew, moving, scan)));
        }
        System.out.println();
    }

    /** @param scan this many keys that never come again, after twice as many of the others; 0: none */
    private static LongSupplier trace(double skew, boolean moving, int scan) {
        Zipf zipf = new Zipf(KEYS, skew);
        SplittableRandom random = new SplittableRandom(2);
        long[] asked = {0};
        return () -> {
            long n = asked[0]++;
            if (scan > 0 && n % (3 * scan) >= 2 * scan) {
                return KEYS * 10L + n;
            }
            return zipf.next(random) + (moving ? n / 50 : 0);
        };
    }

    private static double ratio(int megabytes, LongSupplier keys) {
        Caller caller =
                new Caller(Store.builder().maximumBytes((long) megabytes << 20).build());
        long hits = 0;
        for (int i = 0; i < REQUESTS; i++) {
            long key = keys.getAsLong();
            if (caller.get(key)) {
                hits++;
            } else {
                caller.set(key, VALUE_BYTES);
            }
        }
        return (double) hits / REQUESTS;
    }

    private static int foundAtOnce() {
        Caller caller = new Caller(Store.builder().build());
        for (int round = 0; round < 10; round++) {
            for (int key = 0; key < 100_000; key++) {
                if (!caller.get(key)) {
                    caller.set(key, 500);
                }
            }
        }
        int found = 0;
        for (int i = 0; i < 100; i++) {
            caller.set(KEYS + i, 1_000_000);
            for (int key = 0; key < 1000; key++) {
                caller.get(key);
            }
            found += caller.get(KEYS + i) ? 1 : 0;
        }
        return found;
    }
}
