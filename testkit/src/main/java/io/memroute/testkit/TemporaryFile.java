package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in the system's directory for such files; gone when it is closed, or at the latest when the JVM ends. */
public final class TemporaryFile implements AutoCloseable {

    private final Path path;

    private TemporaryFile(Path path) {
        this.path = path;
    }

    /** @param suffix of its name, as in {@code .lua} */
    public static TemporaryFile of(String suffix, String text) {
        try {
            Path path = Files.createTempFile("memroute-test-", suffix);
            path.toFile().deleteOnExit();
            TemporaryFile file = new TemporaryFile(path);
            file.rewrite(text);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return path;
    }

    /** Replaces what is in it. */
    public void rewrite(String text) {
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its path. */
    @Override
    public String toString() {
        return path.toString();
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
