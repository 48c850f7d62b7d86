package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the documentation shows loads, and what can be configured is documented. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LUA_BLOCK = Pattern.compile("^```lua\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    /** What examples that show a part may take for granted, on the line before them. */
    private static final String POOLS =
            "pools{ main = { backends = { '10.0.0.1' } }, users = { backends = { '10.0.0.2' } } }\n";

    private static String configurationReference() throws IOException {
        return Files.readString(ROOT.resolve("docs/configuration.md"));
    }

    private static String complete(String example) {
        return POOLS + example + (example.contains("routes{") ? "" : "\nroutes{ default = route_direct{ child = 'main' } }");
    }

    private static Stream<DynamicTest> blocksOf(String document) {
        List<String> blocks;
        try {
            blocks = LUA_BLOCK.matcher(Files.readString(ROOT.resolve(document))).results().map(found -> found.group(1)).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        assertThat(blocks).as("examples in %s", document).isNotEmpty();
        return blocks.stream().map(block -> DynamicTest.dynamicTest(
                document + ": " + block.lines().findFirst().orElse(""),
                () -> assertThat(ConfigText.of(complete(block)).load().trees())
                        .isNotEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> everyExampleInTheDocumentsLoads() {
        return Stream.of("docs/configuration.md", "docs/routes.md", "docs/operators-guide.md", "README.md").flatMap(DocumentationTest::blocksOf);
    }

    @TestFactory
    Stream<DynamicTest> everyExampleFileLoads() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(ROOT.resolve("examples"))) {
            files = found.filter(file -> file.toString().endsWith(".lua")).sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(),
                () -> assertThat(ConfigLoader.load(ConfigSource.ofFile(file.toString())).trees()).isNotEmpty()));
    }

    @Test
    void theReferenceNamesEverythingThatCanBeConfigured() throws IOException {
        String text = configurationReference();
        Set<String> documented = Pattern.compile("`([^`\\n]+)`").matcher(text).results()
                .flatMap(found -> Pattern.compile("[\\w.]+").matcher(found.group(1)).results())
                .map(word -> word.group().replaceFirst("^mcp\\.", ""))
                .collect(Collectors.toSet());
        assertThat(documented)
                .containsAll(SettingsLayer.NAMES)
                .containsAll(BackendOptions.names())
                .containsAll(PoolOptionsLayer.NAMES)
                .containsAll(McpTable.tunables())
                .containsAll(RouteLibrary.functions().stream().filter(name -> !name.equals("settings")).toList())
                .containsAll(Stream.of(Command.values()).filter(Command::isStorage).map(Command::word).toList())
                .containsAll(List.of("host", "port", "label", "map", "cmap", "default", "conf", "tag", "mode", "start", "stop"));
    }
}
