package io.memroute.app.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Colours for finished text, which stays the same text without them. The text of a running proxy comes over a
 * connection and may hold anything: only after it has been made harmless it gets its colours, here.
 */
public final class Paint {

    /** Text as it is. */
    public static final Paint NONE = new Paint("(?!)");

    private static final Map<String, IStyle> STYLES = Map.of(
            "bold", Style.bold,
            "faint", Style.faint,
            "red", Style.fg_red,
            "green", Style.fg_green,
            "yellow", Style.fg_yellow,
            "cyan", Style.fg_cyan,
            "reverse", Style.reverse);

    private final Pattern pattern;

    /**
     * @param pattern of what has a colour, line by line: each named group has the style that it is called after, digits
     *     at its end left out ({@code bold}, {@code faint}, {@code red}, {@code green}, {@code yellow}, {@code cyan},
     *     {@code reverse})
     */
    public Paint(String pattern) {
        this.pattern = Pattern.compile(pattern, Pattern.MULTILINE);
        this.pattern.namedGroups().keySet().forEach(Paint::style);
    }

    /** The text with colours if the stream takes them, else the text. */
    public String on(StandardStream stream, String text) {
        return stream.takesColours() ? on(text) : text;
    }

    /** The text with colours. */
    public String on(String text) {
        StringBuilder painted = new StringBuilder();
        int end = 0;
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            for (String group : groups(matcher)) {
                painted.append(text, end, matcher.start(group))
                        .append(style(group).on())
                        .append(matcher.group(group))
                        .append(Style.reset.on());
                end = matcher.end(group);
            }
        }
        return painted.append(text, end, text.length()).toString();
    }

    /** The groups of a match in the order of the text. */
    private static List<String> groups(MatchResult match) {
        List<String> groups = new ArrayList<>();
        match.namedGroups().keySet().forEach(name -> {
            if (match.start(name) >= 0) {
                groups.add(name);
            }
        });
        groups.sort(Comparator.comparingInt(match::start));
        return groups;
    }

    private static IStyle style(String group) {
        IStyle style = STYLES.get(group.replaceFirst("[0-9]+$", ""));
        if (style == null) {
            throw new IllegalArgumentException("no style is called " + group);
        }
        return style;
    }
}
