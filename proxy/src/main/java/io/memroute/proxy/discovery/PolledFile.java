package io.memroute.proxy.discovery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read again every second: a change is seen whether the file is written, replaced by another, or a link
 * on the way to it leads elsewhere, as in a ConfigMap; and on file systems that tell of no changes. For one thread.
 */
public final class PolledFile {

    /** Between two readings: with the reading itself less than the two seconds that are promised. */
    public static final Duration PAUSE = Duration.ofSeconds(1);

    /** The file is there, and is none that can be watched. */
    public static final class UnfitException extends IOException {

        private static final long serialVersionUID = 1;

        UnfitException(String message) {
            super(message);
        }
    }

    private final Path path;
    private final int mostBytes;
    private byte @Nullable [] last;

    /** @param mostBytes a larger file is refused */
    public PolledFile(Path path, int mostBytes) {
        this.path = path;
        this.mostBytes = mostBytes;
    }

    /**
     * Reads the file, and returns whether its content differs from that of the last reading that succeeded; the first
     * one differs.
     *
     * @throws UnfitException if it is no regular file, or too large
     * @throws IOException if it cannot be read
     */
    public boolean hasChanged() throws IOException {
        byte[] bytes = read();
        if (last != null && Arrays.equals(bytes, last)) {
            return false;
        }
        last = bytes;
        return true;
    }

    /** The content at the last reading that succeeded. */
    public byte[] content() {
        byte[] bytes = last;
        if (bytes == null) {
            throw new IllegalStateException(path + " has not been read");
        }
        return bytes;
    }

    private byte[] read() throws IOException {
        // Reading a pipe or a device may take for ever.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new UnfitException("not a regular file");
        }
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(mostBytes + 1);
            if (bytes.length > mostBytes) {
                throw new UnfitException("larger than " + (mostBytes >> 20) + " MiB");
            }
            return bytes;
        }
    }
}
