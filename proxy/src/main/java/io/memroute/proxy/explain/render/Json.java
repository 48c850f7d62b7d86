package io.memroute.proxy.explain.render;

import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.text.Shown;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * Records as JSON: an object with the components' names in snake case, in their order. Places are {@code file} and
 * {@code line}, durations seconds with a fraction, moments texts of ISO 8601 in UTC, empty optionals left out; a record
 * of a sealed type says which one it is under {@code kind}.
 */
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectWriteContext INDENTED = new ObjectWriteContext.Base() {
        @Override
        public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter()
                    .withArrayIndenter(tools.jackson.core.util.DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    };

    private Json() {}

    /** A record as an indented text with a line end. */
    public static String of(Record record) {
        return of(record, INDENTED);
    }

    /** A record as one line, for programs. */
    public static String line(Record record) {
        return of(record, ObjectWriteContext.empty());
    }

    private static String of(Record record, ObjectWriteContext layout) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(layout, text)) {
            write(json, record);
        }
        // Jackson escapes the control characters of ASCII; a terminal obeys others, too.
        return Shown.lines(text.append('\n').toString());
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Optional<?> optional -> write(json, optional.orElse(null));
            case String text -> json.writeString(text);
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Instant time -> json.writeString(time.toString());
            case Duration time -> json.writeNumber(time.toNanos() / 1e9);
            case Enum<?> constant -> json.writeString(constant.name().toLowerCase(java.util.Locale.ROOT));
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((key, of) -> {
                    json.writeName(key.toString());
                    write(json, of);
                });
                json.writeEndObject();
            }
            case Collection<?> list -> {
                json.writeStartArray();
                list.forEach(element -> write(json, element));
                json.writeEndArray();
            }
            case Record record -> writeRecord(json, record);
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private static void writeRecord(JsonGenerator json, Record record) {
        json.writeStartObject();
        for (Class<?> type : record.getClass().getInterfaces()) {
            if (type.isSealed()) {
                json.writeName("kind");
                json.writeString(snakeCase(record.getClass().getSimpleName()));
            }
        }
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = valueOf(component, record);
            if (value == Optional.empty() || record instanceof SourceLocation && value.equals(0)) {
                continue;
            }
            json.writeName(snakeCase(component.getName()));
            write(json, value);
        }
        json.writeEndObject();
    }

    private static Object valueOf(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("cannot read " + component, e);
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(java.util.Locale.ROOT);
    }
}
