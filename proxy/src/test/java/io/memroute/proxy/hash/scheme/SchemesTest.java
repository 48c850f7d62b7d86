package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for schemes without asking anybody. */
class SchemesTest {

    private static final int KEYS = 20_000;

    static Stream<Question> allOverFiveServers() {
        return Schemes.ALL.stream()
                .flatMap(scheme -> scheme.hashes().keySet().stream()
                        .map(hash ->
                                new Question(scheme, hash, scheme.seeded() ? "salt" : "", servers(1, 1, 1, 1, 1))));
    }

    private static List<ServerName> servers(double... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> new ServerName("10.0.0." + (i + 1), 11211, Optional.empty(), weights[i]))
                .toList();
    }

    private static Question question(String scheme, double... weights) {
        Scheme named = Schemes.named(scheme).orElseThrow();
        return new Question(named, named.hashes().keySet().iterator().next(), "", servers(weights));
    }

    private static List<byte[]> numbered(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Integer.toString(i).getBytes(US_ASCII))
                .toList();
    }

    private static double[] shares(Question question) {
        double[] shares = new double[question.servers().size()];
        for (int place : question.places(numbered(KEYS))) {
            shares[place] += 1.0 / KEYS;
        }
        return shares;
    }

    @ParameterizedTest
    @MethodSource("allOverFiveServers")
    void allocatesNothingForAKey(Question question) {
        KeyDistributor distributor = question.distributor();
        ByteBuf heap = PooledByteBufAllocator.DEFAULT
                .heapBuffer()
                .writeBytes("user:{1001}:\u00fc\u20ac".getBytes(UTF_8))
                .writeBytes("x".repeat(220).getBytes(US_ASCII));
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(heap.slice());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 3_000;
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < rounds; i++) {
                int length = 12 + i % (heap.readableBytes() - 11);
                distributor.select(heap, 0, length);
                distributor.select(direct, 0, length);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        heap.release();
        direct.release();
        assertThat(least).isLessThan(rounds);
    }

    @ParameterizedTest
    @MethodSource("allOverFiveServers")
    void readsAKeyFromTheMiddleOfAnyBuffer(Question question) {
        KeyDistributor distributor = question.distributor();
        List<byte[]> keys = new ArrayList<>(RandomKeys.text(300, 3));
        keys.addAll(RandomKeys.binary(100, 3));
        for (byte[] key : keys) {
            int expected = distributor.select(Unpooled.wrappedBuffer(key), 0, key.length);
            for (ByteBuf buffer : List.of(Unpooled.buffer(), Unpooled.directBuffer())) {
                buffer.writeBytes("get ".getBytes(US_ASCII)).writeBytes(key).writeBytes("\r\n{:0:".getBytes(US_ASCII));
                assertThat(distributor.select(buffer, 4, key.length)).isEqualTo(expected);
                buffer.release();
            }
        }
    }

    /** The examples of mcrouter's own tests. */
    @Test
    void placesKeysAsTheTestsOfMcrouterSay() {
        assertThat(question("mcrouter-ch3", ones(100)).places(List.of("sample".getBytes(US_ASCII), new byte[0])))
                .containsExactly(97, 72);
        assertThat(counts(question("mcrouter-ch3", ones(3)), 1000)).containsExactly(307, 342, 351);
        assertThat(counts(question("mcrouter-ch3", ones(10)), 10_000))
                .containsExactly(995, 955, 1046, 968, 1032, 972, 1016, 1038, 1010, 968);
        assertThat(question("mcrouter-crc32", ones(100)).places(List.of("sample".getBytes(US_ASCII))))
                .containsExactly(7);
        assertThat(counts(question("mcrouter-weighted-ch3", 1, 1, 0.7), 1000)).containsExactly(341, 371, 288);
        assertThat(question("mcrouter-weighted-ch3", new double[100])
                        .places(List.of("sample".getBytes(US_ASCII), new byte[0])))
                .containsExactly(59, 45);
        assertThat(tagged("mcrouter-rendezvous", 3).places(List.of("sample".getBytes(US_ASCII))))
                .containsExactly(1);
        assertThat(tagged("mcrouter-rendezvous", 343)
                        .places(List.of("sample".getBytes(US_ASCII), new byte[0], "mykey".getBytes(US_ASCII))))
                .containsExactly(45, 291, 132);
        assertThat(tagged("mcrouter-weighted-rendezvous", 3).places(List.of("sample".getBytes(US_ASCII), new byte[0])))
                .containsExactly(0, 2);
        assertThat(tagged("mcrouter-weighted-rendezvous", 343)
                        .places(List.of("sample".getBytes(US_ASCII), "mykey".getBytes(US_ASCII))))
                .containsExactly(115, 302);
        assertThat(question("mcrouter-const-shard", ones(10))
                        .places(List.of("x:7:y".getBytes(US_ASCII), "x:007:".getBytes(US_ASCII))))
                .containsExactly(7, 7);
    }

    @Test
    void mcroutersSaltFollowsTheKey() {
        Question plain = question("mcrouter-weighted-ch3", 1, 0.3, 0.5, 1);
        Question salted = new Question(plain.scheme(), plain.hash(), "-salt", plain.servers());
        for (byte[] key : RandomKeys.text(500, 7)) {
            byte[] both = Arrays.copyOf(key, key.length + 5);
            System.arraycopy("-salt".getBytes(US_ASCII), 0, both, key.length, 5);
            assertThat(salted.places(List.of(key))).isEqualTo(plain.places(List.of(both)));
        }
    }

    @Test
    void rendezvousGivesEachServerItsWeight() {
        assertThat(shares(question("weighted-rendezvous", 1, 2, 0, 1, 4)))
                .containsExactly(new double[] {1 / 8.0, 1 / 4.0, 0, 1 / 8.0, 1 / 2.0}, within(0.01));
    }

    @Test
    void rendezvousMovesOnlyWhatOneServerLosesOrWins() {
        int[] before = question("weighted-rendezvous", 1, 2, 3, 1, 4).places(numbered(KEYS));
        int[] after = question("weighted-rendezvous", 1, 2, 5, 1, 4).places(numbered(KEYS));
        for (int i = 0; i < KEYS; i++) {
            assertThat(after[i] == before[i] || after[i] == 2).isTrue();
        }
    }

    @Test
    void jumpGivesEachServerItsFractionAndMovesNoOthersKeys() {
        Question before = question("weighted-jump", 1, 1, 1, 1, 1);
        Question after = question("weighted-jump", 1, 1, 0.5, 0, 1);
        assertThat(shares(before)).containsExactly(new double[] {0.2, 0.2, 0.2, 0.2, 0.2}, within(0.01));
        double[] shares = shares(after);
        assertThat(shares[3]).isZero();
        assertThat(shares[2] / shares[1]).isCloseTo(0.5, within(0.03));
        assertThat(shares[1] / shares[0]).isCloseTo(1, within(0.03));
        int[] were = before.places(numbered(KEYS));
        int[] are = after.places(numbered(KEYS));
        for (int i = 0; i < KEYS; i++) {
            assertThat(are[i] == were[i] || were[i] == 2 || were[i] == 3).isTrue();
        }
    }

    /** Nobody else has these schemes, so this says where their keys have to stay. */
    @Test
    void ourOwnSchemesStayAsTheyAre() {
        List<byte[]> keys = Stream.of("foo", "bar", "user:1", "session:abcdef", "a", "The", "", "\u00fc")
                .map(key -> key.getBytes(UTF_8))
                .toList();
        Map<String, List<Integer>> places = Map.of(
                "weighted-rendezvous",
                IntStream.of(question("weighted-rendezvous", 1, 0.5, 0.25, 1, 0.75)
                                .places(keys))
                        .boxed()
                        .toList(),
                "weighted-jump",
                IntStream.of(question("weighted-jump", 1, 0.5, 0.25, 1, 0.75).places(keys))
                        .boxed()
                        .toList());
        assertThat(places)
                .isEqualTo(Map.of(
                        "weighted-rendezvous", List.of(3, 4, 3, 3, 1, 3, 0, 3),
                        "weighted-jump", List.of(3, 3, 2, 3, 3, 2, 0, 0)));
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static int[] counts(Question question, int keys) {
        int[] counts = new int[question.servers().size()];
        for (int place : question.places(numbered(keys))) {
            counts[place]++;
        }
        return counts;
    }

    private static Question tagged(String scheme, int servers) {
        Scheme named = Schemes.named(scheme).orElseThrow();
        return new Question(
                named,
                "murmur64a",
                "",
                IntStream.range(0, servers)
                        .mapToObj(i -> new ServerName("10.0.0.1", 11211, Optional.of("xxx." + i + ".yy"), 1))
                        .toList());
    }
}
