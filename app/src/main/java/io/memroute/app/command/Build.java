package io.memroute.app.command;

import io.memroute.proxy.MemrouteVersion;
import io.memroute.proxy.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/**
 * The build that runs here: what a report of a fault has to name.
 *
 * @param commit in full; empty if it was not built in a git checkout
 * @param modified whether the checkout had changes that were not committed; empty without a commit
 * @param memcached the version whose commands these are, which clients are told
 * @param transport which {@code --transport auto} takes here
 */
public record Build(
        String version,
        Optional<String> commit,
        Optional<Boolean> modified,
        String memcached,
        Java java,
        String transport,
        String netty) {

    /** The JVM that it runs on. */
    public record Java(String version, String vendor, String home) {}

    /** The file into which Maven writes what it alone knows. */
    private static final String FROM_MAVEN = "build.properties";

    static Build ofThisProgram() {
        Properties maven = new Properties();
        try (InputStream file = Build.class.getResourceAsStream(FROM_MAVEN)) {
            maven.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(FROM_MAVEN, e);
        }
        Optional<String> commit = known(maven, "commit");
        return new Build(
                MemrouteVersion.TEXT,
                commit,
                commit.flatMap(_ -> known(maven, "modified")).map(Boolean::valueOf),
                MemrouteVersion.MEMCACHED,
                new Java(
                        Runtime.version().toString(),
                        System.getProperty("java.vendor"),
                        System.getProperty("java.home")),
                Transport.ofThisMachine().label(),
                maven.getProperty("netty"));
    }

    /** A value that Maven has put in the place of its name. */
    private static Optional<String> known(Properties maven, String name) {
        return Optional.of(maven.getProperty(name)).filter(value -> !value.isEmpty() && !value.startsWith("${"));
    }
}
