package io.memroute.proxy.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/** Reads values of JSON as maps, lists, texts, numbers and flags. */
public final class JsonValues {

    private JsonValues() {}

    /**
     * Reads the next value.
     *
     * @throws JacksonException if there is none, or the text is not JSON
     */
    public static @Nullable Object next(JsonParser parser) {
        parser.nextToken();
        return current(parser);
    }

    /**
     * Reads the value that begins with the parser's token.
     *
     * @throws JacksonException if none does, or the text is not JSON
     */
    public static @Nullable Object current(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    object.put(name, next(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(current(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new StreamReadException(parser, "there is no value");
        };
    }
}
