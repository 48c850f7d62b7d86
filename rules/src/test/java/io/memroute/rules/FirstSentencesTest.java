package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Javadoc begins with a noun, or with a verb in the third person, so that its first sentence can be read alone. */
class FirstSentencesTest {

    private static final Pattern QUESTION = Pattern.compile(
            "/\\*\\*\\s*(?:\\*\\s*)?((?:What|Whatever|Who|Whoever|Whom|Whose|Where|When|How|Which)\\b[^\\n]*)"
                    + "|@(?:param \\S+|return) ((?:who|whoever|whom|whose)\\b[^\\n]*)");

    @Test
    void beginWithANounOrAVerb() {
        List<String> questions = new ArrayList<>();
        for (Path file : Repository.files(name -> name.contains("/src/main/java/") && name.endsWith(".java"))) {
            Matcher found = QUESTION.matcher(Repository.read(file));
            while (found.find()) {
                questions.add(file.getFileName() + ": "
                        + found.group().replaceFirst("^/\\*\\*[\\s*]*", "").strip());
            }
        }
        assertThat(questions)
                .as("Javadoc that begins like a question; say \"The keys that ...\", \"Returns ...\"")
                .isEmpty();
    }
}
