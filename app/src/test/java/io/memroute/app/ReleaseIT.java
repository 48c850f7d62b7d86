package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ops/verify-release} says of the tar.gz that {@code mvn package} has left. */
class ReleaseIT {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    /** A build on a slow machine with other work. */
    private static final Duration BUILD = Duration.ofMinutes(15);

    private static final Map<String, String> ENVIRONMENT =
            Map.of("MEMROUTE_JAVA_HOME", System.getProperty("java.home"));

    @TempDir
    private Path directory;

    /** The second build is in a clone of its own, without tests and without Error Prone. */
    @Test
    void theSameCommitMakesTheSameBytesAgain() throws IOException {
        String about = run(Packaged.command("version", "--json").toArray(String[]::new));
        assumeTrue(about.contains("\"modified\" : false"), "this checkout has changes, or is none of git's: " + about);
        try (ChildProcess verify = ChildProcess.start(
                List.of(
                        REPOSITORY.resolve("ops/verify-release").toString(),
                        Packaged.tarball().toString()),
                ENVIRONMENT)) {
            assertThat(verify.awaitExit(BUILD)).as(verify::output).isZero();
            assertThat(verify.output()).endsWith(", byte for byte\n");
        }
    }

    @Test
    void aFileThatDiffersIsNamed() throws IOException {
        Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
        run("tar", "-xzf", Packaged.tarball().toString(), "-C", unpacked.toString());
        Path changed;
        try (Stream<Path> home = Files.list(unpacked)) {
            changed = home.findFirst().orElseThrow().resolve("lib/memroute.jar");
        }
        flipLastByte(changed);
        Path other = directory.resolve("other.tar.gz");
        run(
                "tar",
                "-czf",
                other.toString(),
                "-C",
                unpacked.toString(),
                changed.getParent().getParent().getFileName().toString());
        assertThat(differingFiles(Packaged.tarball(), Packaged.tarball())).isEqualTo("status 0: ");
        assertThat(differingFiles(Packaged.tarball(), other))
                .isEqualTo(
                        "status 1: Files given/%1$s and built/%1$s differ\n".formatted(unpacked.relativize(changed)));
    }

    private static void flipLastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    /** What ops/verify-release compares with. */
    private static String differingFiles(Path given, Path built) {
        String script = "source " + REPOSITORY.resolve("ops/release.sh") + "; differing_files \"$@\"";
        try (ChildProcess compare = ChildProcess.start(
                List.of("bash", "-euc", script, "bash", given.toString(), built.toString()), Map.of())) {
            return "status " + compare.awaitExit(Deadline.OF_WORK) + ": " + compare.output();
        }
    }

    private static String run(String... words) {
        try (ChildProcess program = ChildProcess.start(List.of(words), Map.of())) {
            assertThat(program.awaitExit(Deadline.OF_WORK)).as(program::output).isZero();
            return program.output();
        }
    }
}
