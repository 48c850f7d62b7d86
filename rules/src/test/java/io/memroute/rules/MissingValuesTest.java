package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code @Nullable} says that a value may be missing, to the compiler, too; Javadoc says when. */
class MissingValuesTest {

    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern NULL = Pattern.compile("\\bnull\\b", Pattern.CASE_INSENSITIVE);

    /** Packages that handle values of Lua, where nil is one of them: {@code Object} may be missing everywhere. */
    private static final List<String> VALUES_OF_LUA = List.of(
            "io/memroute/lua",
            "io/memroute/lua/runtime",
            "io/memroute/lua/interpret",
            "io/memroute/lua/lib",
            "io/memroute/lua/lib/debug",
            "io/memroute/lua/lib/file");

    @Test
    void areDescribedWithoutTheWordNull() {
        List<String> found = new ArrayList<>();
        for (Path file : Repository.files(MissingValuesTest::isMainSource)) {
            String source = Repository.read(file);
            Matcher javadoc = JAVADOC.matcher(source);
            while (javadoc.find()) {
                if (NULL.matcher(javadoc.group()).find()) {
                    found.add(file.getFileName() + ": " + javadoc.group());
                }
            }
        }
        assertThat(found)
                .as("Javadoc with the word null; annotate with @Nullable, and say \"if there is one\", \"unless ...\"")
                .isEmpty();
    }

    @Test
    void areCheckedByTheCompilerInEveryPackage() {
        Set<String> packages = Repository.files(MissingValuesTest::isMainSource).stream()
                .map(file -> Repository.name(file.getParent()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(packages.stream().filter(name -> !isChecked(name)).map(name -> name.replaceFirst(".*/java/", "")))
                .as("packages without a package-info.java that says @NullMarked")
                .containsExactlyInAnyOrderElementsOf(VALUES_OF_LUA);
    }

    private static boolean isChecked(String directory) {
        Path info = Repository.ROOT.resolve(directory).resolve("package-info.java");
        return Files.exists(info) && Repository.read(info).contains("@NullMarked");
    }

    private static boolean isMainSource(String name) {
        return name.contains("/src/main/java/") && name.endsWith(".java");
    }
}
