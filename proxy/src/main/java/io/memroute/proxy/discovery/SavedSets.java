package io.memroute.proxy.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good set of each source, in a directory: for a start while a source is not reachable, and so that a start
 * goes on with the slots of servers that have just left. A file has the source in its first line, the times of its
 * answer and of this file in the second, then a server a line: {@code NAME HOST PORT}, {@code up} or {@code down}, and
 * since when it is missing, or {@code -}. Times are seconds since 1970. Proxies on one machine may share the directory.
 * Thread safe.
 */
final class SavedSets {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** A fleet of ten thousand servers with long names; more is no file of ours. */
    private static final long MAX_BYTES = 4 << 20;

    /** The lines before the first server. */
    private static final int HEAD_LINES = 2;

    private static final String UP = "up";
    private static final String DOWN = "down";

    /** Stands in the place of a time: the server is not missing. */
    private static final String HERE = "-";

    private final Path directory;
    private final InstantSource clock;
    private boolean failing;

    SavedSets(Path directory) {
        this(directory, InstantSource.system());
    }

    SavedSets(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
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

    /** The set of a source; empty if there is none that can be read. */
    Optional<SavedSet> read(SourceAddress source) {
        Path file = file(source);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("is too large");
            }
            List<String> lines = Files.readAllLines(file, UTF_8);
            if (lines.size() <= HEAD_LINES || !lines.getFirst().equals(source.toString())) {
                throw new IllegalArgumentException("is not about " + source);
            }
            List<Slot> slots = new ArrayList<>();
            Map<String, Duration> missingFor = new HashMap<>();
            for (String line : lines.subList(HEAD_LINES, lines.size())) {
                String[] words = line.split(" ", 5);
                FoundServer server = new FoundServer(words[0], words[1], Integer.parseInt(words[2]));
                slots.add(new Slot(server, words[3].equals(DOWN)));
                if (!words[4].equals(HERE)) {
                    missingFor.put(server.label(), since(words[4]));
                }
            }
            String[] times = lines.get(1).split(" ", 2);
            return Optional.of(new SavedSet(slots, missingFor, since(times[0]), since(times[1])));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.warn("discovery: cannot use the saved servers in {}: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Another clock may have been ahead. */
    private Duration since(String second) {
        long age = clock.instant().getEpochSecond() - Long.parseLong(second);
        return Duration.ofSeconds(Math.max(0, age));
    }

    private long secondBefore(Duration age) {
        return clock.instant().minus(age).getEpochSecond();
    }

    /** Keeps a set in the place of the one before; if that fails, a line in the log says so, once. */
    synchronized void write(SourceAddress source, SavedSet set) {
        StringBuilder text = new StringBuilder()
                .append(source)
                .append('\n')
                .append(secondBefore(set.answerAge()))
                .append(' ')
                .append(secondBefore(set.age()))
                .append('\n');
        for (Slot slot : set.slots()) {
            FoundServer server = slot.server();
            Duration missing = set.missingFor().get(server.label());
            text.append(server.name())
                    .append(' ')
                    .append(server.host())
                    .append(' ')
                    .append(server.port())
                    .append(' ')
                    .append(slot.down() ? DOWN : UP)
                    .append(' ')
                    .append(missing == null ? HERE : secondBefore(missing))
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
