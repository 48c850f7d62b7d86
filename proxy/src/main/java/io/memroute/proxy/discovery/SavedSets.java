package io.memroute.proxy.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good set of each source, in a directory: for a start while a source is not reachable. A file has the source
 * in its first line, then a server a line, {@code NAME HOST PORT}. Proxies on one machine may share the directory.
 * Thread safe.
 */
final class SavedSets {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** A fleet of ten thousand servers with long names; more is no file of ours. */
    private static final long MAX_BYTES = 4 << 20;

    private final Path directory;
    private boolean failing;

    SavedSets(Path directory) {
        this.directory = directory;
    }

    /** The directory for such files, unless the settings name one: systemd's, or the user's. */
    static Path directory(Optional<String> configured) {
        return configured
                .or(() -> Optional.ofNullable(System.getenv("STATE_DIRECTORY")).map(list -> list.split(":")[0]))
                .map(Path::of)
                .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
                        .filter(home -> home.startsWith("/"))
                        .map(Path::of)
                        .orElse(Path.of(System.getProperty("user.home"), ".local", "state"))
                        .resolve("memroute"));
    }

    /** A set that was kept, and how old it is. */
    record Saved(List<Slot> slots, Duration age) {}

    /** The set of a source; empty if there is none that can be read. */
    Optional<Saved> read(SourceAddress source) {
        Path file = file(source);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("is too large");
            }
            List<String> lines = Files.readAllLines(file, UTF_8);
            if (lines.size() < 2 || !lines.getFirst().equals(source.toString())) {
                throw new IllegalArgumentException("is not about " + source);
            }
            List<Slot> slots = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.split(" ", 3);
                slots.add(Slot.up(new FoundServer(words[0], words[1], Integer.parseInt(words[2]))));
            }
            Instant written = Files.getLastModifiedTime(file).toInstant();
            return Optional.of(new Saved(List.copyOf(slots), Duration.between(written, Instant.now())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.warn("discovery: cannot use the saved servers in {}: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps a set in the place of the one before; if that fails, a line in the log says so, once. */
    synchronized void write(SourceAddress source, List<Slot> slots) {
        StringBuilder text = new StringBuilder().append(source).append('\n');
        for (Slot slot : slots) {
            FoundServer server = slot.server();
            text.append(server.name())
                    .append(' ')
                    .append(server.host())
                    .append(' ')
                    .append(server.port())
                    .append('\n');
        }
        Path temporary = null;
        try {
            Files.createDirectories(directory);
            temporary = Files.createTempFile(directory, "set", ".tmp");
            Files.writeString(temporary, text, UTF_8);
            Files.move(temporary, file(source), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            failing = false;
        } catch (IOException | RuntimeException e) {
            discard(temporary);
            if (!failing) {
                LOG.warn(
                        "discovery: cannot save the servers of {} for the next start: {} (settings: discovery.state)",
                        source,
                        e.toString());
            }
            failing = true;
        }
    }

    private static void discard(@Nullable Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // The line about the first error says enough.
            }
        }
    }

    private Path file(SourceAddress source) {
        byte[] bytes = source.toString().getBytes(UTF_8);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        String readable = source.toString().replaceAll("[^A-Za-z0-9.-]+", "_");
        return directory.resolve(readable.substring(0, Math.min(100, readable.length()))
                + '-'
                + HexFormat.of().toHexDigits((int) sum.getValue()));
    }
}
