package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Files, packages and lines stay small enough to be read as a whole. */
class SizesTest {

    private static final int MOST_FILES = 30;
    private static final int MOST_LINES = 300;
    private static final int MOST_COLUMNS = 120;

    /** How the reason begins, a paragraph of the Javadoc of the file's class. */
    private static final Pattern REASON = Pattern.compile("<p>Longer than 300 lines: [a-z].{40,}");

    private static final Pattern TEXT = Pattern.compile(
            "(?:.*/)?[^/.]+|.*\\.(?:java|md|lua|sh|py|c|h|xml|yml|yaml|properties|txt|config|js|css|html)");

    /** The words of licences are their authors'. */
    private static final Pattern LICENCES = Pattern.compile("(?:.*/)?(?:LICENSE|NOTICE)");

    /** A message of the program as an entry of a list. */
    private static final Pattern MESSAGE = Pattern.compile("- `[^`]+`\\\\?");

    @Test
    void aPackageHasThirtyFilesAtMost() {
        Map<String, Integer> files = new TreeMap<>();
        for (Path file : Repository.files(name -> name.contains("/src/main/java/") && name.endsWith(".java"))) {
            files.merge(Repository.name(file.getParent()), 1, Integer::sum);
        }
        List<String> large = files.entrySet().stream()
                .filter(entry -> entry.getValue() > MOST_FILES)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(large).as("a package has at most " + MOST_FILES + " files").isEmpty();
    }

    @Test
    void aLongFileSaysWhyItIsLong() {
        List<String> unexplained =
                Repository.files(name -> name.startsWith("proxy/src/main/java/") && name.endsWith(".java")).stream()
                        .filter(file -> Repository.read(file).lines().count() > MOST_LINES)
                        .filter(file ->
                                !REASON.matcher(head(Repository.read(file))).find())
                        .map(Repository::name)
                        .toList();
        assertThat(unexplained)
                .as("a file has at most " + MOST_LINES
                        + " lines, or a paragraph \"<p>Longer than 300 lines: ...\" with the reason in its head")
                .isEmpty();
    }

    /** What stands before the first declaration, on one line and without asterisks. */
    private static String head(String source) {
        int end = source.indexOf("*/");
        return end < 0 ? "" : source.substring(0, end).replaceAll("\\s+(?:\\*\\s+)?", " ");
    }

    @Test
    void aLineHas120ColumnsAtMost() {
        List<String> wide = Repository.files(name -> TEXT.matcher(name).matches()
                        && !LICENCES.matcher(name).matches()
                        && (!name.contains("/resources/") || name.startsWith("app/src/main/resources/")))
                .stream()
                .filter(SizesTest::hasLongLines)
                .map(Repository::name)
                .toList();
        assertThat(wide).as("a line has at most " + MOST_COLUMNS + " columns").isEmpty();
    }

    private static boolean hasLongLines(Path file) {
        String name = Repository.name(file);
        // What a program prints is shown as it is.
        String text = name.endsWith(".md")
                ? Repository.read(file).replaceAll("(?ms)^```console$.*?^```$", "")
                : Repository.read(file);
        return text.lines()
                .filter(line -> line.codePointCount(0, line.length()) > MOST_COLUMNS)
                .anyMatch(line -> !mayBeLong(name, line));
    }

    /**
     * A row of a table in Markdown, a message of the program on its own line, and an address cannot be broken; an
     * element of a pom is more readable whole.
     */
    private static boolean mayBeLong(String file, String line) {
        return file.endsWith(".md")
                        && (line.startsWith("|")
                                || MESSAGE.matcher(line).matches()
                                || line.strip().indexOf(' ') < 0)
                || file.endsWith(".xml") && line.strip().startsWith("<");
    }
}
