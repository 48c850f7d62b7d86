package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link of every page leads to a file that is there, and to a heading of it. */
class MarkdownTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    static List<String> pages() {
        return Repository.files(name -> name.endsWith(".md")).stream()
                .map(Repository::name)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(String page) {
        Path file = Repository.ROOT.resolve(page);
        // That page is packed beside docs and examples.
        Path place = page.startsWith("app/src/main/assembly/") ? Repository.ROOT.resolve("README.md") : file;
        List<String> broken = new ArrayList<>();
        String prose = Markdown.prose(Repository.read(file)).replaceAll("`[^`\\n]*`", "");
        for (Matcher link = LINK.matcher(prose); link.find(); ) {
            String target = link.group(1);
            if (target.contains("://") || target.startsWith("mailto:")) {
                continue;
            }
            Path to = target.isEmpty() ? file : place.resolveSibling(target).normalize();
            if (!Files.exists(to)) {
                broken.add(link.group() + ": no such file");
            } else if (link.group(2) != null
                    && !Markdown.anchors(Repository.read(to)).contains(link.group(2))) {
                broken.add(link.group() + ": no such heading");
            }
        }
        assertThat(broken).isEmpty();
    }
}
