package io.memroute.proxy.explain.render;

import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.text.Shown;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    private static void write(JsonGenerator json, @Nullable Object value) {
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
        Shape shape = SHAPES.get(record.getClass());
        json.writeStartObject();
        if (shape.kind().isPresent()) {
            json.writeName("kind");
            json.writeString(shape.kind().get());
        }
        for (Component component : shape.components()) {
            Object value = component.of(record);
            if (value == Optional.empty() || record instanceof SourceLocation && value.equals(0)) {
                continue;
            }
            json.writeName(component.name());
            write(json, value);
        }
        json.writeEndObject();
    }

    /** The part that is the same for all records of a class; looked up once, as lists have thousands of them. */
    private record Shape(Optional<String> kind, List<Component> components) {

        private static Shape of(Class<?> type) {
            boolean sealed = Stream.of(type.getInterfaces()).anyMatch(Class::isSealed);
            return new Shape(
                    sealed ? Optional.of(snakeCase(type.getSimpleName())) : Optional.empty(),
                    Stream.of(type.getRecordComponents())
                            .map(each -> new Component(snakeCase(each.getName()), each.getAccessor()))
                            .toList());
        }
    }

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return Shape.of(type);
        }
    };

    private record Component(String name, Method accessor) {
        private Object of(Record record) {
            try {
                return accessor.invoke(record);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalArgumentException("cannot read " + accessor, e);
            }
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(java.util.Locale.ROOT);
    }
}
