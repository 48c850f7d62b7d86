package io.memroute.app.importing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads JSON as mcrouter takes it: with comments, of which the last may be left open, and with commas after the last
 * item.
 */
final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private static final Pattern SPACE_OR_COMMENT = Pattern.compile("\\s++|//[^\n]*+|/\\*.*?\\*/", Pattern.DOTALL);

    private final Report report;

    private Json(Report report) {
        this.report = report;
    }

    /**
     * @param report is told of what is probably not meant
     * @throws ImportException if the text is not JSON
     */
    static Node read(String text, Report report) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new ImportException(0, "the file is empty");
            }
            Node node = new Json(report).value(parser, line(parser));
            int end = endOfSpace(text, (int) parser.currentLocation().getCharOffset());
            if (text.startsWith("/*", end)) {
                int line = 1
                        + (int) text.substring(0, end)
                                .chars()
                                .filter(each -> each == '\n')
                                .count();
                report.exact(line, "/*", "this comment is left open to the end of the file; mcrouter takes that, too");
            } else if (parser.nextToken() != null) {
                throw new ImportException(line(parser), "not JSON: something follows the end");
            }
            return node;
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            // Jackson goes on with what it calls the source, which nobody knows by that name.
            throw new ImportException(
                    Math.max(0, line),
                    "not JSON: " + e.getOriginalMessage().replaceFirst(" \\(start marker at .*", ""));
        }
    }

    /** @param line where an object or a list is said to be: on the line of its name */
    private Node value(JsonParser parser, int line) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Node> fields = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    int itsLine = line(parser);
                    parser.nextToken();
                    if (fields.put(name, value(parser, itsLine)) != null) {
                        report.exact(itsLine, name, "is given twice: the last one holds, as in mcrouter");
                    }
                }
                yield new Node.Fields(fields, line);
            }
            case START_ARRAY -> {
                List<Node> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser, line(parser)));
                }
                yield new Node.Items(items, line);
            }
            case VALUE_STRING -> {
                if (!StandardCharsets.UTF_8.newEncoder().canEncode(parser.getString())) {
                    throw new ImportException(line, "a text has half of a character (\\ud800 to \\udfff by itself)");
                }
                yield new Node.Scalar(parser.getString(), true, line);
            }
            default -> new Node.Scalar(parser.getString(), false, line);
        };
    }

    /** The end of the space and the comments from an index on. */
    private static int endOfSpace(String text, int from) {
        Matcher skipped = SPACE_OR_COMMENT.matcher(text);
        int end = from;
        while (skipped.region(end, text.length()).lookingAt()) {
            end = skipped.end();
        }
        return end;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
