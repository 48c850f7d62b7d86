package io.memroute.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of counters in the documentation says of each what {@link Counter} says. */
class CounterDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "protocol.md");

    @Test
    void theTableHasEveryCounterWithItsMeaningAndNoOther() throws IOException {
        assertThat(rows())
                .containsExactlyElementsOf(Arrays.stream(Counter.values())
                        .map(counter -> "| `" + counter.statName() + "` | " + counter.meaning() + " |")
                        .toList());
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.equals("### Counters"))
                .dropWhile(line -> !line.equals("| --- | --- |"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
