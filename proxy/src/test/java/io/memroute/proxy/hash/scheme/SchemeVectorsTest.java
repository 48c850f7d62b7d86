package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Every scheme against the answers of the libraries and proxies, as they were recorded: the file of vectors has the
 * oracle, the number of keys, the places as base64 and the {@link Question}; the file of keys one in a line.
 * {@link RecordSchemeVectors} makes both anew.
 */
class SchemeVectorsTest {

    static final String KEYS_FILE = "placement-keys.txt.gz";
    static final String VECTORS_FILE = "placement-vectors.tsv.gz";

    static final int TEXT_KEYS = 2000;
    static final int BINARY_KEYS = 500;

    @Test
    void placesEveryRecordedKeyWhereTheOracleHasPutIt() throws IOException {
        List<byte[]> keys = keys();
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

    static List<byte[]> keys() throws IOException {
        return lines(KEYS_FILE).stream().map(HexFormat.of()::parseHex).toList();
    }

    static List<String> lines(String resource) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(SchemeVectorsTest.class.getResourceAsStream("/" + resource)), US_ASCII))) {
            return in.lines().toList();
        }
    }
}
