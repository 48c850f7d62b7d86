package io.memroute.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version this was built as. */
public final class Version {

    private Version() {}

    /** For example {@code 0.1.0}. */
    public static String number() {
        try (InputStream resource = Version.class.getResourceAsStream("version.txt")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
