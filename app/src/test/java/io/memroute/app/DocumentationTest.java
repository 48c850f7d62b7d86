package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.options.ServerOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation refers to is there, and what is there is in the documentation. */
class DocumentationTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(#[^)]*)?\\)");
    private static final Pattern COMMAND =
            Pattern.compile("memroute (?:run|check|why|plan|test|show) (?:-\\S+ )*([\\w./-]+\\.lua)");
    private static final Pattern VERSION_PROPERTY = Pattern.compile("<([a-z0-9]+\\.version)>");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String name : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md")) {
            pages.add(REPOSITORY.resolve(name));
        }
        try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    private static String name(Path page) {
        return REPOSITORY.relativize(page).toString();
    }

    /** The links of a page that lead to no file beside it. */
    static List<String> brokenLinks(Path page) throws IOException {
        return LINK.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .filter(target -> !target.isEmpty() && !target.contains("://"))
                .filter(target -> !Files.exists(page.resolveSibling(target)))
                .toList();
    }

    @Test
    void everyPageCanBeReachedFromTheReadme() throws IOException {
        Set<Path> reached = new HashSet<>();
        Deque<Path> toRead = new ArrayDeque<>(List.of(REPOSITORY.resolve("README.md")));
        while (!toRead.isEmpty()) {
            Path page = toRead.remove();
            if (reached.add(page)) {
                LINK.matcher(Files.readString(page))
                        .results()
                        .map(link -> link.group(1))
                        .filter(target -> target.endsWith(".md") && !target.contains("://"))
                        .map(target -> page.resolveSibling(target).normalize())
                        .filter(Files::exists)
                        .forEach(toRead::add);
            }
        }
        assertThat(reached).containsAll(pages());
    }

    /** As all other lines. Only two pages have wide tables: those that are tested against what the program says. */
    @ParameterizedTest
    @MethodSource("pages")
    void rowsOfTablesHaveAtMost120Columns(Path page) throws IOException {
        boolean saysWhatTheProgramSays = page.endsWith("docs/routes.md") || page.endsWith("docs/monitoring.md");
        assertThat(Files.readString(page)
                        .lines()
                        .filter(line -> line.startsWith("|") && line.length() > 120 && !saysWhatTheProgramSays))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsNameFilesThatAreThereOrThatThePageHasTheReaderWrite(Path page) throws IOException {
        String text = Files.readString(page);
        assertThat(COMMAND.matcher(text)
                        .results()
                        .map(command -> command.group(1))
                        .filter(file -> !file.startsWith("/") && !Files.exists(REPOSITORY.resolve(file)))
                        .filter(file -> !text.contains("`" + file + "`") && !text.contains("-- " + file + "\n")))
                .as("files of commands in " + name(page))
                .isEmpty();
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
