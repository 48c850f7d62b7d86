package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

    @TempDir
    private Path directory;

    private int reloads;

    private void look(FileWatch watch, Path... files) {
        watch.look(Set.of(files), () -> reloads++);
    }

    @Test
    void reloadsOnceWhenChangesHaveStayed() throws IOException {
        Path file = Files.writeString(directory.resolve("routes.lua"), "one");
        Path more = directory.resolve("later.lua");
        try (FileWatch watch = new FileWatch()) {
            watch.note(Set.of(file));
            look(watch, file);
            Files.writeString(file, "tw");
            look(watch, file);
            Files.writeString(file, "two");
            look(watch, file);
            assertThat(reloads).isZero();
            look(watch, file);
            assertThat(reloads).isEqualTo(1);

            // What a reload has begun to read is no change.
            Files.writeString(more, "more");
            look(watch, file, more);
            look(watch, file, more);
            assertThat(reloads).isEqualTo(1);

            Files.delete(file);
            look(watch, file, more);
            look(watch, file, more);
            Files.writeString(file, "two");
            look(watch, file, more);
            look(watch, file, more);
            assertThat(reloads).isEqualTo(1);
        }
    }

    /** As Kubernetes does: the file is a link by way of {@code ..data}, which is replaced. */
    @Test
    void aServerSeesAConfigMapSwapped() throws Exception {
        Path first = Files.createDirectory(directory.resolve("..first"));
        Path second = Files.createDirectory(directory.resolve("..second"));
        Files.writeString(first.resolve("routes.lua"), "routes{ default = route_null{} }\n");
        Files.writeString(second.resolve("routes.lua"), "routes{\n");
        Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..first"));
        Path file = Files.createSymbolicLink(directory.resolve("routes.lua"), Path.of("..data/routes.lua"));
        try (ChildProcess server =
                ProgramUnderTest.start(List.of("run", file.toString(), "-p", "-1", "-l", "127.0.0.1", "--watch"))) {
            server.awaitOutput("listening on");
            swap(data, "..second");
            server.awaitOutput("reload failed, the previous configuration stays in force");
            swap(data, "..first");
            Deadline.await("the reload", () -> server.output().contains("configuration reloaded"));
            assertThat(server.output()).contains(file + " has changed (--watch)");
        }
    }

    private void swap(Path data, String target) throws IOException {
        Path next = Files.createSymbolicLink(directory.resolve("..next"), Path.of(target));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
