package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code @Nullable} says that a value may be missing, to the compiler, too; Javadoc says when. The interpreter of Lua
 * is left out: there a missing value is a value of the language.
 */
class MissingValuesTest {

    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern NULL = Pattern.compile("\\bnull\\b", Pattern.CASE_INSENSITIVE);

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

    private static boolean isMainSource(String name) {
        return name.contains("/src/main/java/") && name.endsWith(".java") && !name.startsWith("lua/");
    }
}
