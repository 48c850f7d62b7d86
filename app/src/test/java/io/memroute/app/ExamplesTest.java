package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.demo.Demo;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration that memroute shows to its users is one it accepts. */
class ExamplesTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Path EXAMPLES = REPOSITORY.resolve("examples");

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".lua"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleLoads(Path file) throws Exception {
        ProxyConfig config = load(file);
        assertThat(config.pools()).isNotEmpty();
        assertThat(config.trees()).isNotEmpty();
    }

    @Test
    void theExampleForListenersHasATreeForItsTag() throws Exception {
        assertThat(load(EXAMPLES.resolve("listeners.lua")).trees())
                .extracting(RouteTree::tag)
                .containsExactlyInAnyOrder("", "batch");
    }

    @Test
    void theDemoIsTheExample() throws IOException {
        assertThat(Demo.class.getResourceAsStream("demo.lua"))
                .hasBinaryContent(Files.readAllBytes(EXAMPLES.resolve("demo.lua")));
    }

    @Test
    void theReadmesFirstConfigurationLoads() throws Exception {
        Matcher block = Pattern.compile("```lua\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(REPOSITORY.resolve("README.md")));
        assertThat(block.find()).isTrue();
        Path file = Files.createTempFile("memroute-readme-", ".lua");
        try {
            Files.writeString(file, block.group(1));
            assertThat(load(file).pools().values()).extracting(PoolSpec::name).containsExactly("main");
        } finally {
            Files.delete(file);
        }
    }

    private static ProxyConfig load(Path file) throws Exception {
        return ConfigLoader.load(ConfigSource.ofFile(file.toString()));
    }
}
