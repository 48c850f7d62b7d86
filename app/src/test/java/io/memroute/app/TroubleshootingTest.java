package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/troubleshooting.md} has every text that an operator meets, and none that the program does not have. Texts
 * are found in the sources by the calls that log, print or answer them. What varies in a text is {@code ...}, in the
 * page and here.
 */
class TroubleshootingTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES = List.of("app", "proxy", "protocol", "store", "transport");

    /** The calls whose texts are for operators. What comes from an operator's own Lua is not among them. */
    private static final Pattern CALL = Pattern.compile("\\bLOG\\.(?:warn|error|info)\\("
            + "|\\.log\\(|\\bwarnings\\.add\\("
            + "|new UsageException\\(|new ThreadEndedException\\(|\\brefuse(?:Usage)?If\\("
            + "|\\bline\\((?=\"(?:SERVER_|CLIENT_)?ERROR|\"WATCHER)"
            + "|\\b[A-Z_]+\\((?=\"(?:SERVER_|CLIENT_)?ERROR)");

    /** Warnings about a configuration, which {@code docs/checking.md} has. */
    private static final String ABOUT_CONFIGURATIONS = "ProgramReview.java";

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?<=\\s)//[^\\n]*", Pattern.DOTALL);
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    private static final Pattern JOINED_LITERALS = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern ENTRY = Pattern.compile("^- `([^\\n]+?)`\\\\?$", Pattern.MULTILINE);
    private static final Pattern REASON = Pattern.compile("[A-Z_]+\\(\"([a-z]+)\", \"([^\"]+)\"\\)");

    /** A part of a text that has two forms, or none. */
    private static final Pattern CHOICE = Pattern.compile("\\([^()]*\\?[^()]*\\)");

    /** A shorter one, such as {@code "{}: {}"}, has nothing to look up. */
    private static final int FEWEST_LETTERS = 10;

    private static String page;
    private static Set<String> entries;
    private static List<Source> sources;

    private record Source(Path file, String code) {}

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(REPOSITORY.resolve("docs/troubleshooting.md"));
        entries = ENTRY.matcher(page)
                .results()
                .map(entry -> entry.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(REPOSITORY.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(name -> name.toString().endsWith(".java")).toList()) {
                    sources.add(new Source(
                            file, COMMENT.matcher(Files.readString(file)).replaceAll(" ")));
                }
            }
        }
    }

    @Test
    void everyTextOfTheProgramIsInThePage() {
        Set<String> missing = new TreeSet<>();
        for (Source source : sources) {
            if (source.file().endsWith(ABOUT_CONFIGURATIONS)) {
                continue;
            }
            for (Matcher call = CALL.matcher(source.code()); call.find(); ) {
                text(source.code(), call.end())
                        .filter(text -> text.chars().filter(Character::isLetter).count() >= FEWEST_LETTERS)
                        .filter(text -> !entries.contains(text))
                        .ifPresent(text ->
                                missing.add(text + "    (" + source.file().getFileName() + ")"));
            }
        }
        assertThat(missing).as("texts to describe in docs/troubleshooting.md").isEmpty();
    }

    @Test
    void everyReasonOfALostBackendIsInThePage() {
        String reasons = sources.stream()
                .filter(source -> source.file().endsWith("BackendFailure.java"))
                .findFirst()
                .orElseThrow()
                .code();
        assertThat(REASON.matcher(reasons)
                        .results()
                        .map(reason -> "| `" + reason.group(1) + "` | `" + reason.group(2) + "` |"))
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(page).contains(row));
    }

    @Test
    void thePageHasNoTextThatTheProgramDoesNotHave() {
        List<String> texts = sources.stream()
                .map(source -> unquoted(JOINED_LITERALS.matcher(source.code()).replaceAll("")))
                .toList();
        assertThat(entries).hasSizeGreaterThan(100);
        assertThat(entries.stream()
                        .filter(entry -> texts.stream()
                                .noneMatch(text -> fixedParts(entry).allMatch(text::contains))))
                .as("texts of docs/troubleshooting.md that no source has")
                .isEmpty();
    }

    private static Stream<String> fixedParts(String entry) {
        return Stream.of(entry.split("\\.\\.\\."))
                .map(String::strip)
                .filter(part -> part.chars().anyMatch(Character::isLetter));
    }

    /** The first argument of a call that is a text, as the page has it. */
    private static Optional<String> text(String code, int start) {
        int depth = 0;
        int from = start;
        for (int i = start; depth >= 0; i++) {
            char c = code.charAt(i);
            if (c == '"') {
                Matcher literal = LITERAL.matcher(code).region(i, code.length());
                assertThat(literal.lookingAt()).isTrue();
                i = literal.end() - 1;
            } else if (c == '(' || c == '{' || c == '[') {
                depth++;
            } else if (c == ')' || c == '}' || c == ']') {
                depth--;
            }
            if (depth < 0 || depth == 0 && c == ',') {
                Optional<String> text = text(code.substring(from, i));
                if (text.isPresent()) {
                    return text;
                }
                from = i + 1;
            }
        }
        return Optional.empty();
    }

    /** What is said by an expression of literals and values; nothing if there are no literals. */
    private static Optional<String> text(String expression) {
        String simple = CHOICE.matcher(expression).replaceAll("choice");
        Matcher literal = LITERAL.matcher(simple);
        StringBuilder text = new StringBuilder();
        int end = 0;
        while (literal.find()) {
            appendGap(text, simple.substring(end, literal.start()));
            text.append(unquoted(literal.group(1)));
            end = literal.end();
        }
        if (end == 0) {
            return Optional.empty();
        }
        appendGap(text, simple.substring(end));
        return Optional.of(text.toString()
                .replaceAll("\\{}|%[sd]", "...")
                .replaceAll("\\.{4,}", "...")
                .strip());
    }

    private static String unquoted(String literal) {
        return literal.replace("\\\"", "\"").replaceAll("\\\\n *", " ");
    }

    private static void appendGap(StringBuilder text, String code) {
        if (!code.replace("+", "").isBlank()) {
            text.append("...");
        }
    }
}
