package io.memroute.proxy.stats;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memroute.proxy.metrics.HotKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HotKeysTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final HotKeys keys = new HotKeys();
    private long now = 5 * SECOND;

    /** A request as a pool sends it. */
    private void request(String key, long valueBytes) {
        request(key.getBytes(US_ASCII), valueBytes);
    }

    private void request(byte[] key, long valueBytes) {
        if (keys.isDue()) {
            ByteBuf buffer = Unpooled.wrappedBuffer(key);
            keys.add(buffer, 0, key.length, keys.take(now), "main", "one", valueBytes, now);
        }
    }

    private List<HotKey> hottest() {
        return HotKey.merged(List.of(keys.read()), now);
    }

    @Test
    void everyRequestIsCountedWhereThereAreFew() {
        for (int i = 0; i < 30; i++) {
            request("often", 100);
            request(i % 3 == 0 ? "sometimes" : "rarely" + i, 5);
            now += SECOND / 10;
        }
        assertThat(hottest().getFirst()).isEqualTo(new HotKey("often", 0.5, "main", "one", 100));
        assertThat(hottest().get(1)).isEqualTo(new HotKey("sometimes", 10 / 60.0, "main", "one", 5));
        assertThat(hottest()).hasSize(HotKey.MOST);
    }

    @Test
    void aKeyWithAHundredthOfAllRequestsIsFoundAmongMillionsOfOthers() {
        Random random = new Random(3);
        for (int i = 0; i < 600_000; i++) {
            int chance = random.nextInt(100);
            request(chance == 0 ? "warm" : chance < 11 ? "hot" : "other" + random.nextInt(1_000_000), 10);
            now += 10_000;
        }
        assertThat(hottest().get(0).key()).isEqualTo("hot");
        assertThat(hottest().get(0).share()).isCloseTo(0.1, within(0.02));
        assertThat(hottest().get(1).key()).isEqualTo("warm");
        assertThat(hottest().get(1).share()).isBetween(0.001, 0.02);
        assertThat(hottest()).allSatisfy(key -> assertThat(key.share()).isGreaterThan(0));
    }

    @Test
    void samplesDoNotBecomeMoreWithTheTraffic() {
        int samples = 0;
        for (int i = 0; i < 2_000_000; i++) {
            if (keys.isDue()) {
                keys.take(now);
                samples++;
            }
            now += 1_000;
        }
        // Two seconds with a million requests each.
        assertThat(samples).isBetween(1_000, 4_000);
    }

    @Test
    void aPatternInTheRequestsHidesNoKey() {
        for (int i = 0; i < 400_000; i++) {
            request(i % 64 == 0 ? "every64th" : "other", 1);
            now += 10_000;
        }
        assertThat(hottest()).hasSize(2);
        assertThat(hottest().get(1).key()).isEqualTo("every64th");
        assertThat(hottest().get(1).share()).isCloseTo(1 / 64.0, within(0.008));
    }

    @Test
    void sparseTrafficIsLookedAtWhollyAgainAfterABurst() {
        for (int i = 0; i < 1_000_000; i++) {
            request("burst", 1);
            now += 100;
        }
        now += 100 * SECOND;
        int samples = 0;
        for (int i = 0; i < 200_000; i++) {
            samples += isSample() ? 1 : 0;
            now += 20_000_000;
        }
        assertThat(samples).isGreaterThan(100_000);
    }

    private boolean isSample() {
        if (keys.isDue()) {
            keys.take(now);
            return true;
        }
        return false;
    }

    @Test
    void whatWasHotIsForgotten() {
        for (int i = 0; i < 1000; i++) {
            request("old", 1);
            now += SECOND / 1000;
        }
        now += 300 * SECOND;
        for (int i = 0; i < 10; i++) {
            request("new", 1);
        }
        assertThat(hottest().getFirst().key()).isEqualTo("new");
        now += 300 * SECOND;
        assertThat(hottest()).isEmpty();
    }

    @Test
    void keysAreShownAsTextWhateverTheirBytes() {
        request(new byte[] {'a', 0, 0x1b, (byte) 0xff, '\r', '\n'}, 1);
        assertThat(hottest().getFirst().key()).matches("[ -~]+").startsWith("a");
    }

    @Test
    void aKeyThatNoServerTakesIsNotCounted() {
        request(new byte[300], 1);
        assertThat(hottest()).isEmpty();
    }

    @Test
    void aKeyInTwoPoolsIsListedForEach() {
        ByteBuf key = Unpooled.wrappedBuffer("k".getBytes(US_ASCII));
        keys.add(key, 0, 1, 1, "main", "one", 1, now);
        keys.add(key, 0, 1, 3, "shadow", "two", 1, now);
        assertThat(hottest())
                .containsExactly(new HotKey("k", 0.75, "shadow", "two", 1), new HotKey("k", 0.25, "main", "one", 1));
    }

    @Test
    void theSizeOfAValueIsThatOfTheServersLastOne() {
        request("k", -1);
        answered("k", "one", 7);
        answered("k", "other", 8);
        answered("unknown", "one", 9);
        assertThat(hottest()).containsExactly(new HotKey("k", 1, "main", "one", 7));
        answered("k", "one", 5);
        assertThat(hottest()).containsExactly(new HotKey("k", 1, "main", "one", 5));
    }

    private void answered(String key, String backend, long valueBytes) {
        if (keys.isSizeDue()) {
            keys.size(Unpooled.wrappedBuffer(key.getBytes(US_ASCII)), 0, key.length(), backend, valueBytes);
        }
    }

    @Test
    void severalWorkersAreOne() {
        HotKeys other = new HotKeys();
        ByteBuf key = Unpooled.wrappedBuffer("k".getBytes(US_ASCII));
        keys.add(key, 0, 1, 1, "main", "one", 1, now);
        other.add(key, 0, 1, 1, "main", "one", 7, now);
        assertThat(HotKey.merged(List.of(keys.read(), other.read()), now))
                .singleElement()
                .satisfies(hot -> assertThat(hot.share()).isEqualTo(1));
    }

    @Test
    void aReaderSeesWholeKeysWhileTheyChange() {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            byte[] key = new byte[200];
            ByteBuf buffer = Unpooled.wrappedBuffer(key);
            for (int i = 0; !over.get(); i++) {
                Arrays.fill(key, (byte) ('a' + i % 26));
                keys.add(buffer, 0, 10 + i % 190, 1, "pool" + i % 1000, "one", 1, now);
            }
        });
        try {
            for (int i = 0; i < 2000; i++) {
                for (HotKeys.Seen seen : keys.read().keys()) {
                    byte first = seen.key()[0];
                    for (byte each : seen.key()) {
                        assertThat(each).isEqualTo(first);
                    }
                }
            }
        } finally {
            over.set(true);
            writer.join();
        }
    }
}
