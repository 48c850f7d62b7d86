package io.memroute.proxy.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it in the order of files and lines. */
public final class ConfigException extends Exception {

    private final transient List<ConfigError> errors;

    /** @param errors at least one */
    public ConfigException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        if (errors.isEmpty()) {
            throw new IllegalArgumentException("a configuration without errors is not an exception");
        }
        this.errors = List.copyOf(errors);
    }

    public List<ConfigError> errors() {
        return errors;
    }

    /** The same with the lines of the files that the errors are about. */
    public ConfigException quoting(SourceLines lines) {
        return new ConfigException(
                errors.stream().map(error -> error.quoting(lines)).toList());
    }

    /** All errors as {@link ConfigError#quoted}. */
    public String quoted() {
        return errors.stream().map(ConfigError::quoted).collect(Collectors.joining("\n"));
    }
}
