package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.hash.Scheme;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every scheme against the answers of the libraries and proxies, as they were recorded: the file of vectors has the
 * oracle, the number of keys, the places as base64 and the {@link Question}; the file of keys one in a line.
 * {@code bench/placement/record} makes both anew.
 */
class SchemeVectorsTest {

    private static final String KEYS_FILE = "placement-keys.txt.gz";
    private static final String VECTORS_FILE = "placement-vectors.tsv.gz";

    private static final int TEXT_KEYS = 2000;
    private static final int BINARY_KEYS = 500;
    private static final int LEAST_POOLS = 8;
    private static final long SEED = 2;

    @Test
    void placesEveryRecordedKeyWhereTheOracleHasPutIt() throws IOException {
        List<byte[]> keys =
                lines(KEYS_FILE).stream().map(HexFormat.of()::parseHex).toList();
        assertThat(keys).hasSize(TEXT_KEYS + BINARY_KEYS);
        Set<String> recorded = new TreeSet<>();
        for (String line : lines(VECTORS_FILE)) {
            String[] words = line.split("\t", 4);
            Question question = Question.of(words[3]);
            byte[] expected = Base64.getDecoder().decode(words[2]);
            int[] places = question.places(keys.subList(0, Integer.parseInt(words[1])));
            byte[] ours = new byte[places.length];
            for (int i = 0; i < ours.length; i++) {
                ours[i] = (byte) places[i];
            }
            assertThat(ours).as("%s: %s", words[0], words[3]).isEqualTo(expected);
            recorded.add(question.scheme().name());
        }
        Set<String> foreign = new TreeSet<>(Schemes.names());
        foreign.removeAll(Set.of("weighted-rendezvous", "weighted-jump", "evcache"));
        assertThat(recorded).isEqualTo(foreign);
    }

    @Test
    @EnabledIfSystemProperty(named = "placement.record", matches = ".+")
    void recordsWhatTheOraclesSay() throws IOException, InterruptedException {
        Path directory = Path.of(System.getProperty("placement.record"));
        List<byte[]> keys = new ArrayList<>(RandomKeys.text(TEXT_KEYS, SEED));
        keys.addAll(RandomKeys.binary(BINARY_KEYS, SEED));
        write(
                directory.resolve(KEYS_FILE),
                keys.stream().map(HexFormat.of()::formatHex).collect(Collectors.joining("\n", "", "\n")));
        StringBuilder vectors = new StringBuilder();
        for (Oracle oracle : OraclesTest.oracles().toList()) {
            assertThat(oracle.installed()).as("%s is installed", oracle.name()).isTrue();
            List<byte[]> asked = oracle.binaryKeys() ? keys : keys.subList(0, TEXT_KEYS);
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
        write(directory.resolve(VECTORS_FILE), vectors.toString());
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

    private static List<String> lines(String resource) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(SchemeVectorsTest.class.getResourceAsStream("/" + resource)), US_ASCII))) {
            return in.lines().toList();
        }
    }
}
