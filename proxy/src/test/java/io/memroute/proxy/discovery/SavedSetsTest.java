package io.memroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedSetsTest {

    private static final SourceAddress SOURCE =
            SourceAddress.parse("dnssrv+_memcache._tcp.cache.test").orElseThrow();

    private static final List<Slot> SLOTS =
            List.of(Slot.up(new FoundServer("mc-0", "10.0.0.1", 11211)), Slot.up(FoundServer.of("::1", 1)));

    @TempDir
    private Path directory;

    @Test
    void keepsTheLastSetOfEachSource() {
        SavedSets sets = new SavedSets(directory.resolve("new/one"));
        sets.write(SOURCE, List.of(Slot.up(FoundServer.of("old", 1))));
        sets.write(SOURCE, SLOTS);
        SourceAddress other =
                SourceAddress.parse("dnssrv+_memcache._tcp.cache_test").orElseThrow();
        sets.write(other, List.of(Slot.up(FoundServer.of("other", 1))));
        assertThat(sets.read(SOURCE).orElseThrow().slots()).isEqualTo(SLOTS);
        assertThat(sets.read(SourceAddress.parse("dns+cache.test:1").orElseThrow()))
                .isEmpty();
    }

    @Test
    void doesWithoutFilesThatCannotBeUsed() throws IOException {
        SavedSets sets = new SavedSets(directory);
        for (String text :
                List.of("", "dns+other:1\na a 1\n", SOURCE + "\n", SOURCE + "\na a\n", SOURCE + "\na b 1/\n")) {
            sets.write(SOURCE, SLOTS);
            try (Stream<Path> files = Files.list(directory)) {
                Files.writeString(files.findFirst().orElseThrow(), text);
            }
            assertThat(sets.read(SOURCE)).as(text).isEmpty();
        }
    }

    @Test
    void leavesNothingBehindWhereItCannotWrite() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        new SavedSets(file.resolve("below")).write(SOURCE, SLOTS);
        SavedSets taken = new SavedSets(directory);
        taken.write(SOURCE, SLOTS);
        Path set;
        try (Stream<Path> files = Files.list(directory)) {
            set = files.filter(path -> !path.equals(file)).findFirst().orElseThrow();
        }
        Files.delete(set);
        Files.createDirectories(set.resolve("not-empty"));
        taken.write(SOURCE, SLOTS);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(file, set);
        }
    }
}
