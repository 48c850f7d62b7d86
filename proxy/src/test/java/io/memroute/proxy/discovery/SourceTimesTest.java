package io.memroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the servers of a source are kept, and when it is asked, with a timer that is moved by hand. */
class SourceTimesTest {

    private static final SourceAddress ADDRESS =
            SourceAddress.parse("file+/servers").orElseThrow();

    private static final Duration SAVE_EVERY = Duration.ofSeconds(20);

    private static final FoundServer SERVER = new FoundServer("mc-0", "10.0.0.1", 11211);

    @TempDir
    private Path directory;

    private final Map<Runnable, Duration> tasks = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final BlockingQueue<Source.Answer> answers = new LinkedBlockingQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final Discovery discovery =
            new Discovery((address, asking) -> this::answer, this::schedule, () -> {}, this::nanoTime);

    @AfterEach
    void close() {
        discovery.close();
    }

    @Test
    void serversAreKeptEveryTwentySecondsWhileAQuestionTakesMinutes() throws Exception {
        answers.add(new Source.Answer(List.of(SERVER), Duration.ZERO));
        load();
        discovery.accepted();
        Deadline.await("a second question", () -> questions.get() == 2);
        for (int i = 0; i < 3; i++) {
            Files.delete(kept());
            runNextSave();
            assertThat(Files.readString(kept())).contains("mc-0 10.0.0.1 11211 up -");
        }
    }

    @Test
    void serversAreKeptAgainAfterAFailureThatNobodyExpects() throws Exception {
        answers.add(new Source.Answer(List.of(SERVER), Duration.ZERO));
        load();
        discovery.accepted();
        Deadline.await("a second question", () -> questions.get() == 2);
        Files.delete(kept());
        failures.set(1);
        runNextSave();
        assertThat(failures).hasValue(0);
        assertThat(directory).isEmptyDirectory();
        runNextSave();
        assertThat(Files.readString(kept())).contains("mc-0 10.0.0.1 11211 up -");
    }

    @Test
    void aReloadEndsThePauseThatASourceHasAskedFor() throws Exception {
        answers.add(new Source.Answer(List.of(SERVER), Duration.ofHours(1)));
        load();
        discovery.accepted();
        discovery.propose(true);
        Deadline.await("a second question", () -> questions.get() == 2);
    }

    private void load() throws SourceException {
        discovery.propose(false);
        discovery.slots(
                ADDRESS,
                DiscoverySettings.builder().stateDirectory(directory.toString()).build());
    }

    private Source.Answer answer() throws InterruptedException {
        questions.incrementAndGet();
        return answers.take();
    }

    private long nanoTime() {
        if (failures.get() > 0) {
            failures.decrementAndGet();
            throw new IllegalStateException("a failure of the test's");
        }
        return System.nanoTime();
    }

    private Path kept() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findFirst().orElseThrow();
        }
    }

    private void runNextSave() {
        List<Runnable> due = tasks.entrySet().stream()
                .filter(task -> task.getValue().equals(SAVE_EVERY))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(due).hasSize(1);
        tasks.remove(due.getFirst());
        due.getFirst().run();
    }

    private Future<?> schedule(Runnable task, Duration delay) {
        tasks.put(task, delay);
        return new CompletableFuture<>();
    }
}
