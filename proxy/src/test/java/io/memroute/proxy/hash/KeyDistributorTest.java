package io.memroute.proxy.hash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.memroute.proxy.hash.function.Md5;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyDistributorTest {

    private static final List<ServerName> TEN = IntStream.rangeClosed(1, 10)
            .mapToObj(i -> new ServerName("10.0.0." + i, 11211))
            .toList();

    private static KeySelection selection(HashFunction hash, Distribution distribution) {
        return new KeySelection(hash, Optional.empty(), Optional.empty(), distribution);
    }

    private static KeySelection filtered(KeyFilter.Kind kind, String conf) {
        return new KeySelection(
                HashFunction.XXH3, Optional.empty(), Optional.of(new KeyFilter(kind, conf)), new Distribution.Jump());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static long hash(KeySelection selection, String key) {
        ByteBuf buffer = bytes(key);
        return KeyDistributor.of(selection, TEN).hash(buffer, 0, buffer.readableBytes());
    }

    @Test
    void refusesAnEmptyListOfServers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDistributor.of(KeySelection.DEFAULT, List.of()))
                .withMessage("keys cannot be distributed over an empty list of servers");
    }

    @Test
    void theEmptySeedIsASeed() {
        KeySelection emptySeed =
                new KeySelection(HashFunction.XXH3, Optional.of(""), Optional.empty(), new Distribution.Jump());
        assertThat(hash(KeySelection.DEFAULT, "")).isEqualTo(0x2d06800538d394c2L);
        assertThat(hash(emptySeed, "a")).isNotEqualTo(hash(KeySelection.DEFAULT, "a"));
    }

    @Test
    void aSeedDoesNotChangeAnMd5Hash() {
        KeySelection seeded =
                new KeySelection(HashFunction.MD5, Optional.of("foo"), Optional.empty(), new Distribution.Jump());
        assertThat(hash(seeded, "key:1"))
                .isEqualTo(hash(selection(HashFunction.MD5, new Distribution.Jump()), "key:1"));
    }

    @Test
    void anMd5HashReadsKeysLongerThanMemcachedAllows() {
        ByteBuf direct = Unpooled.directBuffer().writeBytes("k".repeat(1000).getBytes(US_ASCII));
        ByteBuf heap = bytes("k".repeat(1000));
        assertThat(Md5.hash(direct, 0, 1000)).isEqualTo(Md5.hash(heap, 0, 1000));
        direct.release();
    }

    @Test
    void theStopFilterDoesNotLookPastAZeroByteNorIntoKeysOver250Bytes() {
        KeySelection stop = filtered(KeyFilter.Kind.STOP, "//");
        assertThat(hash(stop, "a\0b//c")).isEqualTo(hash(KeySelection.DEFAULT, "a\0b//c"));
        String longKey = "a//" + "k".repeat(248);
        assertThat(hash(stop, longKey)).isEqualTo(hash(KeySelection.DEFAULT, longKey));
        assertThat(hash(stop, longKey.substring(0, 250))).isEqualTo(hash(KeySelection.DEFAULT, "a"));
    }

    @Test
    void filtersNeverReadBeyondTheKey() {
        ByteBuf line = bytes("get ab/ /{x}");
        KeyDistributor stop = KeyDistributor.of(filtered(KeyFilter.Kind.STOP, "//"), TEN);
        KeyDistributor tags = KeyDistributor.of(filtered(KeyFilter.Kind.TAGS, "{}"), TEN);
        assertThat(stop.hash(line, 4, 3)).isEqualTo(hash(KeySelection.DEFAULT, "ab/"));
        assertThat(tags.hash(line, 9, 1)).isEqualTo(hash(KeySelection.DEFAULT, "{"));
        assertThat(tags.hash(line, 9, 2)).isEqualTo(hash(KeySelection.DEFAULT, "{x"));
    }

    @Test
    void refusesAFilterTextThatIsTooShortOrTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyFilter(KeyFilter.Kind.TAGS, "{"))
                .withMessage("filter_conf must be 2 to 5 bytes long, not 1 (\"{\")");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyFilter(KeyFilter.Kind.STOP, "ééé"))
                .withMessage("filter_conf must be 2 to 5 bytes long, not 6 (\"ééé\")");
    }

    @ParameterizedTest
    @EnumSource(
            value = RingMode.class,
            names = {"KETAMA", "TWEMPROXY", "EVCACHE"})
    void refusesMd5RingsWhosePointsAreNotAMultipleOfFour(RingMode mode) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution.RingOf(mode, 10))
                .withMessage("obuckets must be a multiple of 4 with omode \""
                        + mode.name().toLowerCase() + "\" (each MD5 digest gives four points), not 10");
        assertThat(new Distribution.RingOf(RingMode.DEFAULT, 10).pointsPerServer())
                .isEqualTo(10);
    }

    @Test
    void refusesARingWithoutPointsOrWithAbsurdlyMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution.RingOf(RingMode.DEFAULT, 0))
                .withMessage("obuckets must be 1 to 16384, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution.RingOf(RingMode.DEFAULT, 16385))
                .withMessage("obuckets must be 1 to 16384, not 16385");
    }

    @Test
    void aRingAgreesWithASearchThroughAllItsPoints() {
        Ring ring = Ring.of(new Distribution.RingOf(RingMode.DEFAULT, 7), TEN);
        for (int position = 0; position < ring.pointCount(); position++) {
            for (long delta = -1; delta <= 1; delta++) {
                long wanted = (ring.pointAt(position) + delta) & 0xffff_ffffL;
                int expected = IntStream.range(0, ring.pointCount())
                        .filter(i -> ring.pointAt(i) >= wanted)
                        .findFirst()
                        .orElse(0);
                assertThat(ring.place(wanted)).isEqualTo(ring.serverAt(expected));
            }
        }
    }

    @Test
    void aHashTagWithNothingInItIsNoTag() {
        KeySelection tag = filtered(KeyFilter.Kind.HASH_TAG, "{}");
        assertThat(hash(tag, "user:{7}:x")).isEqualTo(hash(KeySelection.DEFAULT, "7"));
        assertThat(hash(tag, "user:{}:{7}")).isEqualTo(hash(KeySelection.DEFAULT, "user:{}:{7}"));
        assertThat(hash(tag, "user:{7")).isEqualTo(hash(KeySelection.DEFAULT, "user:{7"));
        assertThat(hash(filtered(KeyFilter.Kind.TAGS, "{}"), "user:{}:x")).isEqualTo(hash(KeySelection.DEFAULT, ""));
    }

    @Test
    void aPrefixIsStrippedFromKeysThatBeginWithIt() {
        KeySelection strip = filtered(KeyFilter.Kind.STRIP, "memc.sess.key.");
        assertThat(hash(strip, "memc.sess.key.abc")).isEqualTo(hash(KeySelection.DEFAULT, "abc"));
        assertThat(hash(strip, "memc.sess.key.")).isEqualTo(hash(KeySelection.DEFAULT, ""));
        assertThat(hash(strip, "memc.sess.kex.abc")).isEqualTo(hash(KeySelection.DEFAULT, "memc.sess.kex.abc"));
        assertThat(hash(strip, "memc")).isEqualTo(hash(KeySelection.DEFAULT, "memc"));
    }

    @Test
    void theServerConfiguredFirstOwnsAPointThatTwoShare() {
        Ring ring = Ring.ofTexts(RingMode.DEFAULT, 3, List.of("same:1", "same:1"));
        for (int i = 0; i < ring.pointCount(); i++) {
            assertThat(ring.place(ring.pointAt(i))).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(HashFunction.class)
    void selectingAllocatesNothing(HashFunction hash) {
        KeySelection filtered = new KeySelection(
                hash,
                Optional.of("seed"),
                Optional.of(new KeyFilter(KeyFilter.Kind.TAGS, "{}")),
                new Distribution.RingOf(RingMode.KETAMA, 160));
        KeyDistributor ring = KeyDistributor.of(filtered, TEN);
        KeyDistributor jump = KeyDistributor.of(selection(hash, new Distribution.Jump()), TEN);
        ByteBuf heap = PooledByteBufAllocator.DEFAULT.heapBuffer().writeBytes("user:{1001}:prof".getBytes(US_ASCII));
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(heap.slice());

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        long least = Long.MAX_VALUE;
        int places = 0;
        for (int attempt = 0; attempt < 10; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < rounds; i++) {
                places += ring.select(heap, 0, 16)
                        + ring.select(direct, 0, 16)
                        + jump.select(heap, 0, 16)
                        + jump.select(direct, 0, 16);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(places).isPositive();
        assertThat(least).as("bytes for %d selections", 4 * rounds).isLessThan(rounds);
        heap.release();
        direct.release();
    }

    @ParameterizedTest
    @EnumSource(HashFunction.class)
    void workersMayShareADistributor(HashFunction hash) throws Exception {
        KeyDistributor shared = KeyDistributor.of(selection(hash, new Distribution.RingOf(RingMode.KETAMA, 160)), TEN);
        Callable<List<Integer>> selectMany = () -> {
            ByteBuf key = Unpooled.directBuffer();
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                key.clear().writeCharSequence("key:" + i, US_ASCII);
                places.add(shared.select(key, 0, key.readableBytes()));
            }
            key.release();
            return places;
        };
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Integer> alone = selectMany.call();
            for (Future<List<Integer>> places :
                    threads.invokeAll(List.of(selectMany, selectMany, selectMany, selectMany))) {
                assertThat(places.get()).isEqualTo(alone);
            }
        }
    }
}
