package io.memroute.proxy;

import io.memroute.proxy.config.ConfigException;
import java.util.Optional;

/**
 * The outcome of a reload.
 *
 * @param failure why the previous configuration stays in force; empty if the new one is
 */
public record ReloadOutcome(Optional<ConfigException> failure) {

    static final ReloadOutcome DONE = new ReloadOutcome(Optional.empty());

    public boolean succeeded() {
        return failure.isEmpty();
    }
}
