package io.memroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedSetsTest {

    private static final SourceAddress SOURCE =
            SourceAddress.parse("dnssrv+_memcache._tcp.cache.test").orElseThrow();

    /** One that is there, one whose slot is down, and one that has left a moment ago. */
    private static final SavedSet SET = new SavedSet(
            List.of(
                    Slot.up(new FoundServer("mc-0", "10.0.0.1", 11211)),
                    new Slot(new FoundServer("mc-1", "10.0.0.2", 11211), true),
                    Slot.up(FoundServer.of("::1", 1))),
            Map.of("mc-1:11211", Duration.ofSeconds(40), "::1:1", Duration.ofSeconds(1)),
            Duration.ofSeconds(90),
            Duration.ofSeconds(7));

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    @Test
    void keepsTheLastSetOfEachSource() {
        SavedSets sets = sets(directory.resolve("new/one"));
        sets.write(SOURCE, of("old"));
        sets.write(SOURCE, SET);
        SourceAddress other =
                SourceAddress.parse("dnssrv+_memcache._tcp.cache_test").orElseThrow();
        sets.write(other, of("other"));
        assertThat(sets.read(SOURCE)).hasValue(SET);
        assertThat(sets.read(SourceAddress.parse("dns+cache.test:1").orElseThrow()))
                .isEmpty();
    }

    @Test
    void timesGoOnWhileNobodyRuns() {
        SavedSets sets = sets(directory);
        sets.write(SOURCE, SET);
        now = now.plusSeconds(10);
        assertThat(sets.read(SOURCE))
                .hasValue(new SavedSet(
                        SET.slots(),
                        Map.of("mc-1:11211", Duration.ofSeconds(50), "::1:1", Duration.ofSeconds(11)),
                        Duration.ofSeconds(100),
                        Duration.ofSeconds(17)));
        now = now.minusSeconds(1000);
        assertThat(sets.read(SOURCE).orElseThrow().age())
                .as("a clock that was ahead")
                .isZero();
    }

    @Test
    void doesWithoutFilesThatCannotBeUsed() throws IOException {
        SavedSets sets = sets(directory);
        for (String text : List.of(
                "",
                "dns+other:1\n1 1\na a 1 up -\n",
                SOURCE + "\n",
                SOURCE + "\n1 1\n",
                SOURCE + "\n1\na a 1 up -\n",
                SOURCE + "\n1 x\na a 1 up -\n",
                SOURCE + "\n1 1\na a 1\n",
                SOURCE + "\n1 1\na b 1/ up -\n",
                SOURCE + "\n1 1\na b 1 down x\n",
                SOURCE + "\na b 1\n")) {
            sets.write(SOURCE, SET);
            try (Stream<Path> files = Files.list(directory)) {
                Files.writeString(files.findFirst().orElseThrow(), text);
            }
            assertThat(sets.read(SOURCE)).as(text).isEmpty();
        }
    }

    @Test
    void leavesNothingBehindWhereItCannotWrite() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        sets(file.resolve("below")).write(SOURCE, SET);
        SavedSets taken = sets(directory);
        taken.write(SOURCE, SET);
        Path set;
        try (Stream<Path> files = Files.list(directory)) {
            set = files.filter(path -> !path.equals(file)).findFirst().orElseThrow();
        }
        Files.delete(set);
        Files.createDirectories(set.resolve("not-empty"));
        taken.write(SOURCE, SET);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(file, set);
        }
    }

    private SavedSets sets(Path where) {
        return new SavedSets(where, () -> now);
    }

    private static SavedSet of(String name) {
        return new SavedSet(List.of(Slot.up(FoundServer.of(name, 1))), Map.of(), Duration.ZERO, Duration.ZERO);
    }
}
