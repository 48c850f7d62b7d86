package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What sources refer to is there: {@code @see} leads to a document and a heading of it. */
class ReferencesTest {

    private static final Pattern SEE = Pattern.compile("@see\\s+\"([^\"]*)\"");
    private static final Pattern DOCUMENT = Pattern.compile("(?:[\\w-]+/)*[\\w-]+\\.md\\b");

    /** {@code docs/reference/proxy-api.md sections 1.2 and 3.6, A heading}. */
    private static final Pattern PLACE = Pattern.compile(
            "(?<file>docs/\\S+\\.md)(?:,? sections? (?<numbers>[\\d., toand]+?)(?:, (?<title>[A-Z].*))?)?");

    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)*");

    /** Sources outside of the repository. */
    private static final Pattern OUTSIDE =
            Pattern.compile("memcached(?:'s)?:? (?:doc/(?:protocol|new_lru|tls)\\.txt|drive_machine|1\\.6\\.45).*"
                    + "|memcached's (?:doc/(?:protocol|new_lru|tls)\\.txt|drive_machine).*"
                    + "|mcrouter wiki, List of Route Handles, \\w+"
                    + "|[A-Z][a-z]+ et al\\., .* \\d{4}(?:, section [\\d.]+)?"
                    + "|[\\w-]+/[\\w-]+, [\\w./-]+" // a file in another repository
                    + "|https://\\S+");

    @Test
    void everySeeLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Path file : Repository.files(name -> name.endsWith(".java"))) {
            String text = Repository.read(file).replaceAll("\\n\\s*\\* ", " ");
            for (Matcher see = SEE.matcher(text); see.find(); ) {
                String fault = fault(see.group(1));
                if (!fault.isEmpty()) {
                    broken.add(Repository.name(file) + ": \"" + see.group(1) + "\": " + fault);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    /** Comments and messages name documents, too. */
    @Test
    void everyDocumentThatMainSourcesNameIsThere() {
        List<String> broken = new ArrayList<>();
        for (Path file : Repository.files(name -> name.contains("/src/main/") && name.endsWith(".java"))) {
            for (Matcher document = DOCUMENT.matcher(Repository.read(file)); document.find(); ) {
                if (!Files.exists(Repository.ROOT.resolve(document.group()))) {
                    broken.add(Repository.name(file) + ": " + document.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static String fault(String reference) {
        if (OUTSIDE.matcher(reference).matches()) {
            return "";
        }
        Matcher place = PLACE.matcher(reference);
        if (!place.matches()) {
            return "neither a place in docs/ nor a source that is known";
        }
        Path document = Repository.ROOT.resolve(place.group("file"));
        if (!Files.exists(document)) {
            return "no such file";
        }
        List<String> headings = Markdown.headings(Repository.read(document));
        if (place.group("numbers") != null) {
            for (Matcher number = NUMBER.matcher(place.group("numbers")); number.find(); ) {
                if (headings.stream().noneMatch(heading -> heading.startsWith(number.group() + " "))) {
                    return "no section " + number.group();
                }
            }
        }
        if (place.group("title") != null && !headings.contains(place.group("title"))) {
            return "no heading \"" + place.group("title") + "\"";
        }
        return "";
    }
}
