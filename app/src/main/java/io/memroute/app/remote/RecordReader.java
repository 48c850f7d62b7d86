package io.memroute.app.remote;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records as {@link io.memroute.proxy.explain.render.Json} writes them, read again. What a record does not know is left
 * out, as a newer proxy may say more; what is not there is empty or 0, or, where a component may be missing, missing.
 */
final class RecordReader {

    private RecordReader() {}

    /** @throws IllegalArgumentException if the object is no such record */
    static <R extends Record> R read(Map<?, ?> object, Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = snakeCase(components[i].getName());
            values[i] = value(name, object.get(name), components[i].getGenericType());
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            // Records need not be public.
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(type.getSimpleName() + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no record to read: " + type, e);
        }
    }

    private static @Nullable Object value(String name, @Nullable Object json, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Type last = arguments[arguments.length - 1];
            if (generic.getRawType() == Optional.class) {
                return Optional.ofNullable(json == null ? null : value(name, json, last));
            }
            if (generic.getRawType() == List.class) {
                List<?> list = json == null ? List.of() : expect(name, json, List.class);
                return list.stream().map(each -> value(name, each, last)).toList();
            }
            if (generic.getRawType() == Map.class) {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                (json == null ? Map.of() : expect(name, json, Map.class))
                        .forEach((key, each) -> map.put(key.toString(), value(name, each, last)));
                return map;
            }
        }
        if (type instanceof Class<?> plain) {
            return plainValue(name, json, plain);
        }
        throw new IllegalArgumentException("no JSON for " + name + " of " + type);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // enums, whose own type is not known here
    private static @Nullable Object plainValue(String name, @Nullable Object json, Class<?> type) {
        if (json == null) {
            return type == double.class
                    ? (Object) 0.0
                    : type == long.class
                            ? (Object) 0L
                            : type == int.class ? (Object) 0 : type == boolean.class ? false : null;
        }
        if (type == double.class || type == Double.class) {
            return expect(name, json, Double.class);
        } else if (type == long.class || type == Long.class) {
            return expect(name, json, Double.class).longValue();
        } else if (type == int.class || type == Integer.class) {
            return expect(name, json, Double.class).intValue();
        } else if (type == boolean.class) {
            return expect(name, json, Boolean.class);
        } else if (type == String.class) {
            return expect(name, json, String.class);
        } else if (type == Instant.class) {
            return Instant.parse(expect(name, json, String.class));
        } else if (type == Duration.class) {
            return Duration.ofNanos(Math.round(expect(name, json, Double.class) * 1e9));
        } else if (type.isEnum()) {
            return Enum.valueOf(
                    (Class<Enum>) type, expect(name, json, String.class).toUpperCase(Locale.ROOT));
        } else if (type.isRecord()) {
            return read(expect(name, json, Map.class), type.asSubclass(Record.class));
        }
        throw new IllegalArgumentException("no JSON for " + name + " of " + type);
    }

    private static <T> T expect(String name, Object json, Class<T> type) {
        if (!type.isInstance(json)) {
            throw new IllegalArgumentException(name + ": expected " + type.getSimpleName() + ", got "
                    + json.getClass().getSimpleName());
        }
        return type.cast(json);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
