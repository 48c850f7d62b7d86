package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.hash.Scheme;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Writes the vectors of {@link SchemeVectorsTest}; {@code bench/placement/record} runs it. With {@code placement.only}
 * the keys and what other oracles have said stay as they are.
 */
class RecordSchemeVectors {

    private static final int LEAST_POOLS = 8;
    private static final long SEED = 2;

    @Test
    void recordsWhatTheOraclesSay() throws IOException, InterruptedException {
        Path directory = Path.of(System.getProperty("placement.record"));
        List<Oracle> oracles = OraclesTest.oracles().toList();
        boolean all = OraclesTest.ONLY.isEmpty();
        List<byte[]> keys = all ? keys() : SchemeVectorsTest.keys();
        write(
                directory.resolve(SchemeVectorsTest.KEYS_FILE),
                keys.stream().map(HexFormat.of()::formatHex).collect(Collectors.joining("\n", "", "\n")));
        StringBuilder vectors = new StringBuilder();
        if (!all) {
            SchemeVectorsTest.lines(SchemeVectorsTest.VECTORS_FILE).stream()
                    .filter(line -> oracles.stream().noneMatch(oracle -> line.startsWith(oracle.name() + "\t")))
                    .forEach(line -> vectors.append(line).append('\n'));
        }
        for (Oracle oracle : oracles) {
            assertThat(oracle.installed()).as("%s is installed", oracle.name()).isTrue();
            List<byte[]> asked = oracle.binaryKeys() ? keys : keys.subList(0, SchemeVectorsTest.TEXT_KEYS);
            for (Scheme scheme : oracle.schemes()) {
                int pools = Math.max(LEAST_POOLS, oracle.hashes(scheme).size());
                List<Question> questions = RandomPools.questions(scheme, oracle, pools, SEED);
                List<int[]> answers = oracle.places(questions, asked);
                for (int i = 0; i < questions.size(); i++) {
                    vectors.append(oracle.name())
                            .append('\t')
                            .append(asked.size())
                            .append('\t');
                    vectors.append(base64(answers.get(i))).append('\t');
                    vectors.append(questions.get(i).line()).append('\n');
                }
            }
        }
        write(directory.resolve(SchemeVectorsTest.VECTORS_FILE), vectors.toString());
    }

    private static List<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>(RandomKeys.text(SchemeVectorsTest.TEXT_KEYS, SEED));
        keys.addAll(RandomKeys.binary(SchemeVectorsTest.BINARY_KEYS, SEED));
        return keys;
    }

    private static String base64(int[] places) {
        byte[] bytes = new byte[places.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) places[i];
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void write(Path file, String text) throws IOException {
        try (Writer out = new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), UTF_8)) {
            out.write(text);
        }
    }
}
