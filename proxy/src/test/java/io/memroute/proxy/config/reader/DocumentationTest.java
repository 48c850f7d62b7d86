package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.library.McpTable;
import io.memroute.proxy.config.library.RouteLibrary;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.explain.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows loads, and what can be configured is documented. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LUA_BLOCK = Pattern.compile("^```lua\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    /**
     * What examples that show a part may take for granted, on the line before them, unless they define it themselves.
     */
    private static final Map<String, String> POOLS = Map.of(
            "main",
            "pools{ main = { backends = { '10.0.0.1' } } }",
            "users",
            "pools{ users = { backends = { '10.0.0.2' } } }");

    private static String configurationReference() throws IOException {
        return Files.readString(ROOT.resolve("docs/configuration.md"));
    }

    private static String complete(String example) {
        String pools = POOLS.entrySet().stream()
                .filter(pool ->
                        !example.contains(pool.getKey() + " = { ") && !example.contains(pool.getKey() + " = {\n"))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(" ", "", "\n"));
        return pools + example + (showsRoutes(example) ? "" : "\nroutes{ default = route_direct{ child = 'main' } }");
    }

    private static boolean showsRoutes(String example) {
        return example.contains("routes{");
    }

    private static Stream<DynamicTest> blocksOf(String document) {
        List<String> blocks;
        try {
            blocks = LUA_BLOCK
                    .matcher(Files.readString(ROOT.resolve(document)))
                    .results()
                    .map(found -> found.group(1))
                    // Of a walk, which has the reader make the files that it names; a test of its own does it.
                    .filter(block -> !block.startsWith("-- cache.lua\n"))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        assertThat(blocks).as("examples in %s", document).isNotEmpty();
        return blocks.stream()
                .map(block -> DynamicTest.dynamicTest(
                        document + ": " + block.lines().findFirst().orElse(""), () -> {
                            LoadedConfig loaded = ConfigText.of(complete(block)).loadAll();
                            assertThat(loaded.config().trees()).isNotEmpty();
                            assertThat(warnings(loaded, block))
                                    .allMatch(warning -> warning.kind().isNote());
                        }));
    }

    /** All but those about pools that examples may take for granted, or that they show without routes. */
    private static List<Warning> warnings(LoadedConfig loaded, String example) {
        return Check.warnings(loaded, Optional.empty()).stream()
                .filter(warning -> warning.kind() != Warning.Kind.UNUSED_POOL
                        || warning.where().line() > 1 && showsRoutes(example))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleInTheDocumentsLoadsWithoutAWarning() {
        return Stream.of(
                        "docs/configuration.md",
                        "docs/discovery.md",
                        "docs/placement.md",
                        "docs/routes.md",
                        "docs/operators-guide.md",
                        "docs/security.md",
                        "README.md")
                .flatMap(DocumentationTest::blocksOf);
    }

    @TestFactory
    Stream<DynamicTest> everyExampleFileLoadsWithoutAWarning() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(ROOT.resolve("examples"))) {
            files = found.filter(file -> file.toString().endsWith(".lua"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    LoadedConfig loaded = ConfigLoader.loadAll(ConfigSource.ofFile(file.toString()), new ConfigHost());
                    assertThat(loaded.config().trees()).isNotEmpty();
                    assertThat(Check.warnings(loaded, Optional.empty()))
                            .allMatch(warning -> warning.kind().isNote());
                }));
    }

    @Test
    void aFileBesideTheConfigurationIsFoundFromAnywhere(@TempDir Path directory) throws Exception {
        String lines = Pattern.compile("(?m)^    local here = .*\\R    dofile\\(.*$")
                .matcher(configurationReference())
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow();
        Files.writeString(directory.resolve("pools.lua"), POOLS.get("main"));
        Path file = Files.writeString(
                directory.resolve("main.lua"), lines + "\nroutes{ default = route_direct{ child = 'main' } }\n");
        LoadedConfig loaded = ConfigLoader.loadAll(ConfigSource.ofFile(file.toString()), new ConfigHost());
        assertThat(loaded.config().pools()).containsOnlyKeys("main");
    }

    @Test
    void everyKindOfWarningIsDocumented() throws IOException {
        String text = Files.readString(ROOT.resolve("docs/checking.md"));
        assertThat(Stream.of(Warning.Kind.values())
                        .map(kind -> "- `" + kind.name().toLowerCase(Locale.ROOT) + "`: "))
                .allSatisfy(row -> assertThat(text).contains(row));
    }

    @Test
    void theReferenceNamesEverythingThatCanBeConfigured() throws IOException {
        String text = configurationReference();
        Set<String> documented = Pattern.compile("`([^`\\n]+)`")
                .matcher(text)
                .results()
                .flatMap(found ->
                        Pattern.compile("[\\w.]+").matcher(found.group(1)).results())
                .map(word -> word.group().replaceFirst("^mcp\\.", ""))
                .collect(Collectors.toSet());
        assertThat(documented)
                .containsAll(SettingsLayer.NAMES)
                .containsAll(BackendOptions.names())
                .containsAll(PoolOptionsLayer.NAMES)
                .containsAll(McpTable.tunables())
                .containsAll(RouteLibrary.functions().stream()
                        .filter(name -> !name.equals("settings"))
                        .toList())
                .containsAll(Stream.of(Command.values())
                        .filter(Command::isStorage)
                        .map(Command::word)
                        .toList())
                .containsAll(List.of(
                        "host", "port", "label", "map", "cmap", "default", "conf", "tag", "mode", "start", "stop"));
    }
}
