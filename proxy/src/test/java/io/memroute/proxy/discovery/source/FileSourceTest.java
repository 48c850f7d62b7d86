package io.memroute.proxy.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {

    @TempDir
    private Path directory;

    @Test
    void readsPrometheusListsInJsonAndYaml() throws Exception {
        String json = """
                [ {"targets": ["10.0.0.1:11211", "mc-1.test"], "labels": {"env": "prod"}},
                  {"targets": ["[::1]:11212"]} ]
                """;
        String yaml = """
                # written by consul-template
                - targets: ['10.0.0.1:11211', "mc-1.test"]
                  labels: { env: prod }
                - targets:
                  - '[::1]:11212'
                """;
        for (Path file : List.of(write("a.json", json), write("a.yml", yaml), write("a.YAML", yaml))) {
            assertThat(new FileSource(file.toString()).ask().servers())
                    .containsExactly(
                            FoundServer.of("10.0.0.1", 11211),
                            FoundServer.of("mc-1.test", 11211),
                            FoundServer.of("::1", 11212));
        }
    }

    @Test
    void readsAServerALine() throws Exception {
        Path file = write("servers", "# fleet\nmc-0:11211\r\n\n  mc-1:11212  # new\n");
        assertThat(new FileSource(file.toString()).ask().servers())
                .containsExactly(FoundServer.of("mc-0", 11211), FoundServer.of("mc-1", 11212));
    }

    @Test
    void isReadAgainWithinTwoSecondsHoweverItIsChanged() throws Exception {
        // A ConfigMap: the file leads through the link ..data, which is replaced.
        Path first = Files.createDirectories(directory.resolve("..1"));
        Path second = Files.createDirectories(directory.resolve("..2"));
        Files.writeString(first.resolve("servers"), "mc-0\n");
        Files.writeString(second.resolve("servers"), "mc-1\n");
        Path data = Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
        Path file = Files.createSymbolicLink(directory.resolve("servers"), Path.of("..data/servers"));
        FileSource source = new FileSource(file.toString());
        assertThat(source.ask().pause()).isLessThan(Duration.ofSeconds(2));
        assertThat(source.ask().servers()).containsExactly(FoundServer.of("mc-0", 11211));
        Files.delete(data);
        assertThatThrownBy(source::ask).isInstanceOf(SourceException.class).hasMessage("no such file");
        Files.createSymbolicLink(data, second.getFileName());
        assertThat(source.ask().servers()).containsExactly(FoundServer.of("mc-1", 11211));
        // Written in place, with the same length and in the same moment.
        Files.writeString(second.resolve("servers"), "mc-2\n");
        assertThat(source.ask().servers()).containsExactly(FoundServer.of("mc-2", 11211));
    }

    @Test
    void saysWhatIsWrongWithoutQuotingTheFile() throws Exception {
        refuse(write("a.json", "[ {\"targets\": [\"mc-0\", "), "neither JSON nor YAML, line 1");
        refuse(write("b.json", "{\"secret\": 1}"), "expected a list of { \"targets\": [ ... ] }");
        refuse(write("c.json", "[ {\"targets\": [1]} ]"), "a target is not a string: expected \"host:port\"");
        refuse(write("d.json", "[ {\"targets\": [\"mc 0\"]} ]"), "expected a host name or an address, got \"mc 0\"");
        refuse(write("e.json", "[".repeat(100_000)), "neither JSON nor YAML");
        refuse(write("f.yml", "- &a {targets: [mc-0]}\n- *a\n".repeat(2)), "neither JSON nor YAML");
        refuse(directory, "not a regular file");
        refuse(directory.resolve("none"), "no such file");
        Path large = write("large", "# ".repeat(TargetList.MAX_BYTES));
        refuse(large, "larger than 4 MiB");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0});
        refuse(binary, "not UTF-8 text");
    }

    private static void refuse(Path file, String message) {
        assertThatThrownBy(() -> new FileSource(file.toString()).ask())
                .isInstanceOf(SourceException.class)
                .message()
                .startsWith(message)
                .doesNotContain("secret");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
