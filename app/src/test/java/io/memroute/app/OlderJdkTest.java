package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maven under a Java that is too old, such as Debian's default, says what to do before it compiles anything. */
class OlderJdkTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Path JDKS = Path.of("/usr/lib/jvm");
    private static final int OLDEST_THAT_FITS = 25;

    @TempDir
    private Path directory;

    @Test
    void mavenNamesTheJdkItNeedsAndTheOneItHas() throws Exception {
        Path java = olderJava();
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        "mvn", "--offline", "--batch-mode", "--quiet", "-Dstyle.color=never", "validate")
                .directory(REPOSITORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("MAVEN_SKIP_RC", "true");
        // Those of the build that runs this test are for its own JDK.
        builder.environment().remove("MAVEN_OPTS");
        Process maven = builder.start();
        try {
            assertThat(maven.waitFor(2, TimeUnit.MINUTES)).as("ended in time").isTrue();
        } finally {
            maven.destroyForcibly();
        }
        assertThat(maven.exitValue()).isNotZero();
        assertThat(Files.readString(output))
                .contains("memroute needs a JDK of at least 25, and Maven runs with Java ")
                .contains("(" + java.toRealPath() + ")")
                .contains("Set JAVA_HOME to one; ./memroute and ./test find one by themselves, or say how to get it.");
    }

    private static Path olderJava() throws IOException {
        try (Stream<Path> homes = Files.list(JDKS)) {
            List<Path> older = homes.filter(OlderJdkTest::isOlder).sorted().toList();
            assertThat(older)
                    .as(
                            "a Java older than %d in %s; install one with: apt-get install -y default-jre-headless",
                            OLDEST_THAT_FITS, JDKS)
                    .isNotEmpty();
            return older.getFirst();
        }
    }

    private static boolean isOlder(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(release)) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("\\D*(\\d+).*", "$1"))
                    .anyMatch(version -> Integer.parseInt(version) < OLDEST_THAT_FITS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
