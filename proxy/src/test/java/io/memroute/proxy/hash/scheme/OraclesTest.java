package io.memroute.proxy.hash.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.hash.Scheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every scheme against the library or proxy itself. {@code bench/placement/check} runs this with many more keys and
 * pools, and with the {@linkplain #LARGE large ones}.
 */
class OraclesTest {

    private static final int KEYS = Integer.getInteger("placement.keys", 200);
    private static final int POOLS = Integer.getInteger("placement.pools", 4);
    private static final long SEED = Long.getLong("placement.seed", 1);
    private static final boolean ALL = Boolean.getBoolean("placement.all");
    /** Those that take hundreds of megabytes: {@code SchemeVectorsTest} has what they said once. */
    private static final Set<String> LARGE = Set.of("gomemcache", "EVCache");
    /** A part of the names of those that are asked. */
    static final String ONLY = System.getProperty("placement.only", "");

    static Stream<Oracle> oracles() {
        List<Oracle> all = new ArrayList<>(ScriptOracle.all());
        all.add(new NutcrackerOracle());
        all.add(new SpymemcachedOracle());
        all.add(new XmemcachedOracle());
        return all.stream().filter(oracle -> oracle.name().contains(ONLY));
    }

    static Stream<Oracle> asked() {
        return oracles().filter(oracle -> ALL || !LARGE.contains(oracle.name()));
    }

    @ParameterizedTest
    @MethodSource("asked")
    void placesKeysWhereTheOraclePutsThem(Oracle oracle) throws IOException, InterruptedException {
        assertThat(oracle.installed())
                .as("%s is installed; install it with: %s", oracle.name(), oracle.install())
                .isTrue();
        List<byte[]> keys = new ArrayList<>(RandomKeys.text(oracle.binaryKeys() ? KEYS - KEYS / 4 : KEYS, SEED));
        if (oracle.binaryKeys()) {
            keys.addAll(RandomKeys.binary(KEYS / 4, SEED));
        }
        List<String> failures = new ArrayList<>();
        for (Scheme scheme : oracle.schemes()) {
            List<Question> questions = RandomPools.questions(scheme, oracle, POOLS, SEED);
            List<int[]> answers = oracle.places(questions, keys);
            long different = 0;
            String first = "";
            for (int q = 0; q < questions.size(); q++) {
                int[] ours = questions.get(q).places(keys);
                for (int i = 0; i < ours.length; i++) {
                    if (ours[i] != answers.get(q)[i]) {
                        if (different++ == 0) {
                            first = "%s%nkey %s \"%s\": %d, but we say %d"
                                    .formatted(
                                            questions.get(q).line(),
                                            HexFormat.of().formatHex(keys.get(i)),
                                            new String(keys.get(i), StandardCharsets.UTF_8),
                                            answers.get(q)[i],
                                            ours[i]);
                        }
                    }
                }
            }
            System.out.printf(
                    "%-30s %-55s %,12d placements, %,d different%n",
                    scheme.name(), oracle.name(), (long) keys.size() * questions.size(), different);
            if (different > 0) {
                failures.add(first);
            }
        }
        assertThat(failures).isEmpty();
    }
}
