package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tar.gz as {@code mvn package} leaves it, unpacked and started without Maven. */
class DistributionIT {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("JAVA_HOME", System.getProperty("java.home"), "MEMROUTE_JAVA_HOME", "");

    @TempDir
    private Path directory;

    private Path home;

    @BeforeEach
    void unpack() throws IOException {
        try (ChildProcess tar = ChildProcess.start(
                List.of("tar", "-xzf", Packaged.tarball().toString(), "-C", directory.toString()), Map.of())) {
            assertThat(tar.awaitExit()).as(tar::output).isZero();
        }
        try (Stream<Path> unpacked = Files.list(directory)) {
            home = unpacked.findFirst().orElseThrow();
        }
    }

    @Test
    void holdsWhatAnOperatorNeeds() {
        assertThat(home.getFileName().toString()).startsWith("memroute-");
        for (String file : List.of(
                "bin/memroute",
                "lib/memroute.jar",
                "conf/memroute.lua",
                "docs/operators-guide.md",
                "examples/demo.lua",
                "share/man/man1/memroute.1",
                "share/bash-completion/completions/memroute",
                "share/zsh/site-functions/_memroute",
                "share/fish/vendor_completions.d/memroute.fish",
                "share/memroute/lua-language-server/handlers.lua",
                "share/memroute/lua-language-server/configuration.lua",
                "README.md",
                "LICENSE",
                "NOTICE")) {
            assertThat(home.resolve(file)).isNotEmptyFile();
        }
    }

    @Test
    void everyLinkOfItsPagesLeadsToAFileInIt() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            List<Path> pages =
                    files.filter(file -> file.toString().endsWith(".md")).toList();
            assertThat(pages).hasSizeGreaterThan(15);
            for (Path page : pages) {
                assertThat(DocumentationTest.brokenLinks(page))
                        .as(page.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void itsReadmeNamesCommandsAndFilesThatAreInIt() throws IOException {
        assertThat(Files.readString(home.resolve("README.md"))).contains("bin/memroute run conf/memroute.lua");
        try (ChildProcess check = ChildProcess.start(
                List.of("sh", "-c", "cd " + home + " && bin/memroute check conf/memroute.lua"), ENVIRONMENT)) {
            assertThat(check.awaitExit()).as(check::output).isZero();
        }
    }

    @Test
    void startsThroughASymbolicLinkWithTheCacheItWasTrainedFor() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("memroute"), home.resolve("bin/memroute"));
        assertServes(link);

        try (ChildProcess training = ChildProcess.start(List.of(link.toString(), "train"), ENVIRONMENT)) {
            assertThat(training.awaitExit(Deadline.OF_WORK))
                    .as(training::output)
                    .isZero();
            assertThat(training.output())
                    .endsWith("lib/memroute.aot; starts are faster from now on\n")
                    .hasLineCount(1);
        }
        assertThat(home.resolve("lib")).isDirectoryNotContaining("glob:**.{new,log}");
        assertThat(home.resolve("lib/memroute.aot")).isNotEmptyFile();
        assertServes(link);
    }

    @Test
    void saysThatItCannotMakeACache() throws IOException {
        // Root may write everywhere, but not a file where a directory is.
        Files.createDirectory(home.resolve("lib/memroute.aot.new"));
        try (ChildProcess training =
                ChildProcess.start(List.of(home.resolve("bin/memroute").toString(), "train"), ENVIRONMENT)) {
            assertThat(training.awaitExit(Deadline.OF_WORK)).isEqualTo(1);
            assertThat(training.output())
                    .isEqualTo("memroute: cannot write in "
                            + home.resolve("lib").toRealPath() + "; run this as a user who may\n");
        }
    }

    private static void assertServes(Path program) {
        try (ChildProcess server =
                ChildProcess.start(List.of(program.toString(), "-p", "-1", "-l", "127.0.0.1"), ENVIRONMENT)) {
            try (RawClient client = Packaged.connect(server)) {
                client.send("set a 0 0 1\r\n1\r\nget a\r\n");
                client.expect("STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
            }
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
            assertThat(server.output()).as("the lines of its start and its end").hasLineCount(2);
        }
    }
}
