package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.options.ServerOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation refers to is there, and what is there is in the documentation. */
class DocumentationTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern VERSION_PROPERTY = Pattern.compile("<([a-z0-9]+\\.version)>");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(REPOSITORY.resolve("README.md")));
        try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyRelativeLinkLeadsSomewhere(Path page) throws IOException {
        List<String> broken = LINK.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .filter(target -> !target.contains("://"))
                .filter(target -> !Files.exists(page.resolveSibling(target)))
                .toList();
        assertThat(broken).isEmpty();
    }

    @Test
    void everyDependencyHasItsReason() throws IOException {
        String reasons = Files.readString(REPOSITORY.resolve("docs/dependencies.md"));
        List<String> properties = VERSION_PROPERTY
                .matcher(Files.readString(REPOSITORY.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(properties).contains("netty.version");
        assertThat(properties.stream().filter(property -> !reasons.contains("`" + property + "`")))
                .isEmpty();
    }

    @Test
    void everyOptionThatDoesSomethingIsInTheOperatorsGuide() throws IOException {
        String guide = Files.readString(REPOSITORY.resolve("docs/operators-guide.md"));
        List<String> missing = Stream.of(ServerOption.values())
                .filter(option -> option.effect() == ServerOption.Effect.OBEYED)
                .map(option -> option.letter()
                        .map(letter -> "-" + letter)
                        .orElse("--" + option.longName().orElseThrow()))
                .filter(name -> !guide.contains("`" + name))
                .toList();
        assertThat(missing).isEmpty();
    }
}
