package io.memroute.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What the tests need to know of a page in Markdown. */
final class Markdown {

    private static final Pattern FENCED = Pattern.compile("^ *```.*?^ *```", Pattern.MULTILINE | Pattern.DOTALL);

    private Markdown() {}

    /** Returns the page without its blocks of code. */
    static String prose(String page) {
        return FENCED.matcher(page).replaceAll("");
    }

    /** Returns the texts of the headings, in order. */
    static List<String> headings(String page) {
        return prose(page)
                .lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("#+ +", "").strip())
                .toList();
    }

    /** Returns what links to the headings end with, as GitHub makes it. */
    static List<String> anchors(String page) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> anchors = new ArrayList<>();
        for (String heading : headings(page)) {
            String anchor = heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int times = seen.merge(anchor, 1, Integer::sum);
            anchors.add(times == 1 ? anchor : anchor + "-" + (times - 1));
        }
        return anchors;
    }
}
