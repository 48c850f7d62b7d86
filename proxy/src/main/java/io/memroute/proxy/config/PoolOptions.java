package io.memroute.proxy.config;

import io.memroute.proxy.hash.KeySelection;
import java.util.Objects;

/**
 * @param selection how a key picks a backend: {@code filter}, {@code hash}, {@code seed}, {@code dist}
 * @param ioThread whether one connection to each backend is shared by all workers ({@code iothread})
 * @param backendPrefix pools with different prefixes never share connections, even to equal backends ({@code beprefix})
 */
public record PoolOptions(KeySelection selection, boolean ioThread, String backendPrefix) {

    /** The options of a pool that sets none. */
    public static final PoolOptions DEFAULTS = new PoolOptions(KeySelection.DEFAULT, false, "");

    public PoolOptions {
        Objects.requireNonNull(selection, "selection");
        Objects.requireNonNull(backendPrefix, "backendPrefix");
    }
}
