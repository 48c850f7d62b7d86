package io.memroute.proxy.config.library;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The source of a configuration, in memcached's terms: {@code -o proxy_config=FILES,proxy_arg=ARGUMENT}. The files are
 * read anew at every load.
 *
 * @param files run in this order; {@link #BUILT_IN} stands for the built-in route library
 * @param argument the user's file, which the built-in library runs after all of {@code files}
 */
public record ConfigSource(List<String> files, Optional<String> argument) {

    /** The name of the built-in route library, in place of a file. */
    public static final String BUILT_IN = "routelib";

    public ConfigSource {
        files = List.copyOf(files);
    }

    /** A user's file for the built-in library: the usual way. */
    public static ConfigSource ofFile(String file) {
        return new ConfigSource(List.of(BUILT_IN), Optional.of(file));
    }

    /**
     * The memcached way.
     *
     * @param proxyConfig files separated by colons
     * @param proxyArg empty if not given
     */
    public static ConfigSource ofMemcachedOptions(String proxyConfig, Optional<String> proxyArg) {
        return new ConfigSource(
                Arrays.stream(proxyConfig.split(":"))
                        .filter(file -> !file.isEmpty())
                        .toList(),
                proxyArg);
    }

    /** The file an operator edits, for messages. */
    public String name() {
        return argument.orElseGet(() -> String.join(":", files));
    }
}
