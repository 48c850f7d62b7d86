package io.memroute.proxy.handler.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Handler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The page about routes says what the handlers declare. */
class ArgumentTablesTest {

    private static final Path PAGE = Path.of("../docs/routes.md");

    private static final String HEAD = "| argument | type | default | meaning |\n| --- | --- | --- | --- |\n";

    private static String row(Argument<?> argument) {
        String names = argument.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return Stream.of(names, argument.type(), argument.fallback(), argument.meaning())
                .map(cell -> cell.isEmpty() ? " |" : " " + cell + " |")
                .collect(Collectors.joining("", "|", "\n"));
    }

    private static String table(Handler handler) {
        List<Argument<?>> declared = handler.arguments().declared();
        return declared.isEmpty()
                ? ""
                : declared.stream().map(ArgumentTablesTest::row).collect(Collectors.joining("", HEAD, ""));
    }

    /** The table of arguments in a handler's section, if there is one. */
    private static String documented(String page, Handler handler) {
        Matched section = new Matched(page, "(?ms)^## route_" + handler.name() + "$(.*?)(?=^## |\\z)");
        return new Matched(section.text(), "(?m)" + Pattern.quote(HEAD) + "(?:\\|.*\\n)+").text();
    }

    private record Matched(String in, String pattern) {

        String text() {
            return Pattern.compile(pattern)
                    .matcher(in)
                    .results()
                    .map(MatchResult::group)
                    .findFirst()
                    .orElse("");
        }
    }

    @TestFactory
    Stream<DynamicTest> theTableOfEachHandlerIsItsDeclaration() throws IOException {
        String page = Files.readString(PAGE);
        return Handlers.all().stream()
                .map(handler -> DynamicTest.dynamicTest(
                        handler.name(),
                        () -> assertThat(documented(page, handler)).isEqualTo(table(handler))));
    }

    @Test
    void theSectionsStandInTheOrderOfTheList() throws IOException {
        List<String> sections = Pattern.compile("(?m)^## route_(\\w+)$")
                .matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(sections)
                .isEqualTo(Handlers.all().stream().map(Handler::name).toList());
    }

    @Test
    void everyArgumentIsDeclaredOnce() {
        for (Handler handler : Handlers.all()) {
            List<String> names = handler.arguments().declared().stream()
                    .flatMap(argument -> argument.names().stream())
                    .toList();
            assertThat(names).as(handler.name()).doesNotHaveDuplicates();
        }
    }
}
