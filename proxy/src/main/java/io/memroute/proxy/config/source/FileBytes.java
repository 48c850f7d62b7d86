package io.memroute.proxy.config.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the files of configurations, at most as much of one as can be meant. */
public final class FileBytes {

    /** Some hundred thousand servers, or the generated routes for them. */
    static final int LONGEST_BYTES = 64 << 20;

    private FileBytes() {}

    /**
     * Reads a file that an operator has named, which may be a pipe.
     *
     * @throws IOException if it cannot be read, or is longer than any configuration
     */
    public static byte[] read(Path file) throws IOException {
        long most = Math.min(LONGEST_BYTES, Runtime.getRuntime().maxMemory() / 8);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes((int) most + 1);
            if (text.length > most) {
                throw new IOException("is longer than " + (most >> 20) + " MB");
            }
            return text;
        }
    }

    /**
     * Reads a file that a configuration has named: a regular one only, as reading another may wait for ever.
     *
     * @throws IOException as for {@link #read}
     */
    public static byte[] readRegular(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("not a regular file");
        }
        return read(file);
    }

    /** Says why a file cannot be read, without its name. */
    public static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> e.getMessage() != null ? e.getMessage() : e.toString();
        };
    }
}
