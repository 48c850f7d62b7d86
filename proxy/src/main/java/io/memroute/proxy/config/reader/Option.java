package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.source.Section;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An option of a configuration, declared once: its name, how it is read, and how it is shown.
 *
 * @param reader reads the value under a name into what it sets; empty if it is absent or wrong, which it notes
 * @param shown the value in force as an operator is shown it; empty to leave it out
 * @param <B> the builder that the option sets
 * @param <S> the model that has the option in force
 */
record Option<B, S>(
        String name, BiFunction<Section, String, Optional<Consumer<B>>> reader, Function<S, Optional<Object>> shown) {

    /** An option that is always shown. */
    static <B, S, T> Option<B, S> of(
            String name,
            BiFunction<Section, String, Optional<T>> reader,
            BiConsumer<B, T> setter,
            Function<S, Object> value) {
        return new Option<>(name, reading(reader, setter), model -> Optional.of(value.apply(model)));
    }

    /** Another name of the option; only the first name is shown. */
    Option<B, S> alias(String other) {
        return new Option<>(other, reader, model -> Optional.empty());
    }

    /** Reads it under a name that a table has for it. */
    Optional<Consumer<B>> read(Section section, String as) {
        return reader.apply(section, as);
    }

    /** Reads a value, then sets it. */
    static <B, T> BiFunction<Section, String, Optional<Consumer<B>>> reading(
            BiFunction<Section, String, Optional<T>> reader, BiConsumer<B, T> setter) {
        return (section, name) -> reader.apply(section, name).map(value -> builder -> setter.accept(builder, value));
    }

    /** Reads the options that a table holds. */
    static <B, S> List<Consumer<B>> readAll(Collection<Option<B, S>> options, Section section) {
        List<Consumer<B>> choices = new ArrayList<>();
        options.forEach(option -> option.read(section, option.name()).ifPresent(choices::add));
        return choices;
    }

    /** The options in force by name, defaults included. A duration is in seconds unless its name says otherwise. */
    static <B, S> Map<String, Object> showAll(Collection<Option<B, S>> options, S model) {
        Map<String, Object> shown = new LinkedHashMap<>();
        options.forEach(option -> option.shown().apply(model).ifPresent(value -> shown.put(option.name(), value)));
        return shown;
    }
}
