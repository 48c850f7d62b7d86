package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.LoadedConfig;
import io.memroute.proxy.explain.Check;
import io.memroute.proxy.explain.RouteTests;
import io.memroute.proxy.explain.render.TestText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every recipe of {@code docs/recipes.md} loads without a warning and does what its {@code test{}} blocks say. */
class RecipesTest {

    private static final Path PAGE = Path.of("..", "docs", "recipes.md");
    private static final Pattern RECIPE =
            Pattern.compile("^## (.+)\\n(?:(?!## |```).*\\n)*```lua\\n((?:(?!```).*\\n)*)```$", Pattern.MULTILINE);

    @TempDir
    private Path directory;

    private static List<MatchResult> recipes() throws IOException {
        return RECIPE.matcher(Files.readString(PAGE)).results().toList();
    }

    @TestFactory
    Stream<DynamicTest> everyRecipeDoesWhatItsTestsSay() throws IOException {
        return recipes().stream()
                .map(recipe -> DynamicTest.dynamicTest(recipe.group(1), () -> {
                    Path file = Files.writeString(directory.resolve("recipe.lua"), recipe.group(2));
                    ConfigHost host = new ConfigHost();
                    LoadedConfig loaded = ConfigLoader.loadAll(ConfigSource.ofFile(file.toString()), host);
                    assertThat(Check.warnings(loaded, Optional.empty()))
                            .allMatch(warning -> warning.kind().isNote());
                    RouteTests.Report report = RouteTests.run(loaded, host);
                    assertThat(report.results()).as("a recipe has tests").isNotEmpty();
                    assertThat(report.failed()).as(TestText.of(report)).isZero();
                }));
    }

    @Test
    void everyListingIsARecipeAndEveryRecipeIsInTheTable() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(recipes()).hasSize(page.split("\n```lua\n", -1).length - 1);
        for (MatchResult recipe : recipes()) {
            assertThat(page).contains("| [" + recipe.group(1) + "](#");
        }
    }
}
