package io.memroute.bench.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The benchmark programs: each is a chunk that returns the function to measure. */
final class Programs {
    private Programs() {}

    static byte[] read(String name) {
        try (InputStream in = Programs.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalArgumentException("no benchmark program " + name + ".lua");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
