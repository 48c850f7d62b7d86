package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Walks the first half of {@code docs/security.md} as a reader does, from no TLS to mutual TLS with access rules. */
class SecurityGuideTest {

    private static final Path PAGE =
            Path.of("..", "docs", "security.md").toAbsolutePath().normalize();
    private static final List<String> PORTS = List.of("11211", "11212", "12301", "9151");

    @TempDir
    private Path directory;

    /** The part of the page that is a walk. */
    static String walk() throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf("\n## Step by step\n"), page.indexOf("\n## TLS to clients\n"));
    }

    @Test
    void everyStepDoesWhatThePageShows() throws IOException {
        ChildProcess.require("openssl", "openssl");
        ChildProcess.require("python3", "python3");
        ChildProcess.require("htpasswd", "apache2-utils");
        PageReader reader = new PageReader(directory, PORTS);
        try {
            for (PageReader.Block block : PageReader.blocks(walk())) {
                if (block.language().equals("console")) {
                    reader.type(block.text());
                } else {
                    reader.write(block.text());
                }
            }
        } finally {
            reader.endTheServers();
        }
        try (var left = Files.list(directory)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("memroute", "programs");
        }
    }
}
