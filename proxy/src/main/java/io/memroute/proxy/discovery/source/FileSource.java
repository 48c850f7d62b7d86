package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Servers in a file, which is read again every second: a change is seen whether the file is written, replaced by
 * another, or a link on the way to it leads elsewhere, as in a ConfigMap; and on file systems that tell of no changes.
 */
final class FileSource implements Source {

    /** With the reading itself less than the two seconds that are promised. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Path path;
    private final boolean targets;
    private byte @Nullable [] lastBytes;
    private List<FoundServer> last = List.of();

    /** @throws SourceException if the name is none that a file can have */
    FileSource(String name) throws SourceException {
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new SourceException("no file can have that name", e);
        }
        if (name.isEmpty()) {
            throw new SourceException("expected file+PATH");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        targets = lower.endsWith(".json") || lower.endsWith(".yml") || lower.endsWith(".yaml");
    }

    @Override
    public Answer ask() throws SourceException {
        byte[] bytes = read();
        if (lastBytes == null || !Arrays.equals(bytes, lastBytes)) {
            last = targets ? TargetList.ofTargets(bytes) : TargetList.ofLines(bytes);
            lastBytes = bytes;
        }
        return new Answer(last, PAUSE);
    }

    private byte[] read() throws SourceException {
        try {
            // Reading a pipe or a device may take for ever.
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new SourceException("not a regular file");
            }
            try (InputStream file = Files.newInputStream(path)) {
                byte[] bytes = file.readNBytes(TargetList.MAX_BYTES + 1);
                if (bytes.length > TargetList.MAX_BYTES) {
                    throw new SourceException("larger than " + (TargetList.MAX_BYTES >> 20) + " MiB");
                }
                return bytes;
            }
        } catch (NoSuchFileException e) {
            throw new SourceException("there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new SourceException("it may not be read", e);
        } catch (IOException e) {
            throw new SourceException("cannot be read: " + e.getMessage(), e);
        }
    }
}
