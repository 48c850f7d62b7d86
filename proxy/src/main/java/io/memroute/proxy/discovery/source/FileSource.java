package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.PolledFile;
import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Servers in a file, which is read again every second: a change is seen whether the file is written, replaced by
 * another, or a link on the way to it leads elsewhere, as in a ConfigMap; and on file systems that tell of no changes.
 */
final class FileSource implements Source {

    private final PolledFile file;
    private final boolean targets;
    private List<FoundServer> last = List.of();
    /** The fault of the content that was read last, unless it is good. */
    private @Nullable SourceException failure;

    /** @throws SourceException if the name is none that a file can have */
    FileSource(String name) throws SourceException {
        try {
            file = new PolledFile(Path.of(name), TargetList.MAX_BYTES);
        } catch (InvalidPathException e) {
            throw new SourceException("not a valid file name", e);
        }
        if (name.isEmpty()) {
            throw new SourceException("expected file+PATH");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        targets = lower.endsWith(".json") || lower.endsWith(".yml") || lower.endsWith(".yaml");
    }

    @Override
    public Answer ask() throws SourceException {
        if (hasChanged()) {
            try {
                byte[] bytes = file.content();
                last = targets ? TargetList.ofTargets(bytes) : TargetList.ofLines(bytes);
                failure = null;
            } catch (SourceException e) {
                failure = e;
            }
        }
        SourceException refused = failure;
        if (refused != null) {
            throw refused;
        }
        return new Answer(last, PolledFile.PAUSE);
    }

    private boolean hasChanged() throws SourceException {
        try {
            return file.hasChanged();
        } catch (PolledFile.UnfitException e) {
            throw new SourceException(String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            throw new SourceException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new SourceException("permission denied", e);
        } catch (IOException e) {
            throw new SourceException("cannot be read: " + e.getMessage(), e);
        }
    }
}
