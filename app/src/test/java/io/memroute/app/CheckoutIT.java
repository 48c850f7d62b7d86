package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the sources as git hands them out, without anything built: the first start builds, every start serves. */
class CheckoutIT {

    /** A build on a slow machine with other work. */
    private static final long BUILD_MINUTES = 10;

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final List<String> NOT_IN_GIT = List.of("target", ".build", ".git");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("JAVA_HOME", System.getProperty("java.home"), "MEMROUTE_JAVA_HOME", "");

    @TempDir
    private Path directory;

    @Test
    void buildsOnceAndServes() throws Exception {
        Path checkout = Files.createDirectory(directory.resolve("checkout"));
        copy(REPOSITORY, checkout);
        Path link = Files.createSymbolicLink(directory.resolve("link"), checkout.resolve("memroute"));

        assertThat(firstStart(link))
                .matches("building memroute \\.\\.\\.\\n"
                        + "  lua \\(2 of [0-9]+\\)\\n(?:  [a-z]+ \\([0-9]+ of [0-9]+\\)\\n)+"
                        + "memroute [0-9]+\\.[0-9]+\\.[0-9]+\\S*\\n");
        assertThat(checkout.resolve(".build/memroute.aot")).isNotEmptyFile();

        try (ChildProcess server =
                ChildProcess.start(List.of(link.toString(), "-p", "-1", "-l", "127.0.0.1"), ENVIRONMENT)) {
            try (RawClient client = Packaged.connect(server)) {
                client.send("set a 0 0 1\r\n1\r\nget a\r\n");
                client.expect("STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
            }
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
            assertThat(server.output())
                    .as("neither a build nor a warning of the JVM beside the lines of its start and its end")
                    .hasLineCount(2);
        }
    }

    private String firstStart(Path program) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "-V")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES))
                    .as("ended in time")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                Path copy = to.resolve(entry.getFileName().toString());
                if (NOT_IN_GIT.contains(entry.getFileName().toString())) {
                    continue;
                }
                Files.copy(entry, copy);
                if (Files.isDirectory(entry)) {
                    copy(entry, copy);
                }
            }
        }
    }
}
