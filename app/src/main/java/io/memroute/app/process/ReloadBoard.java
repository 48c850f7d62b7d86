package io.memroute.app.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The place where a server posts the results of its reloads, for {@code memroute reload}: a file in memory that
 * {@code /proc} shows to root and to the server's own user, to nobody else. It needs no directory, no socket and no
 * option, is gone with the process, and is the proof that a process is a server that reloads when it gets SIGHUP. There
 * is none where there is no {@code memfd_create}: outside Linux.
 */
public final class ReloadBoard {

    private static final String NAME = "memroute-reloads";
    private static final String LINK = "/memfd:" + NAME;

    /** Of errors; the log has all of them. */
    private static final int MOST_ERROR_BYTES = 64 << 10;

    /** ASKED FINISHED OUTCOME CHECKSUM, then the errors. */
    private static final Pattern TEXT = Pattern.compile(
            "(?<asked>[0-9]{1,18}) (?<finished>[0-9]{1,18}) (?<outcome>done|failed) "
                    + "(?<sum>[0-9a-f]{1,8})\n(?<errors>.*)",
            Pattern.DOTALL);

    /**
     * The content of the board.
     *
     * @param asked how many reloads have been asked for by signals
     * @param finished the number of the last one that has ended; 0 before the first
     * @param succeeded how that ended
     * @param errors why the previous configuration stays in force, a line each; empty if it succeeded
     */
    public record State(long asked, long finished, boolean succeeded, String errors) {

        /** Before the first reload. */
        public static final State FIRST = new State(0, 0, true, "");

        private byte[] bytes() {
            return (asked + " " + finished + " " + (succeeded ? "done" : "failed") + " " + Long.toHexString(checksum())
                            + "\n" + errors)
                    .getBytes(UTF_8);
        }

        /** A reader may come while it is written. */
        private long checksum() {
            CRC32 sum = new CRC32();
            sum.update((asked + " " + finished + " " + succeeded + " " + errors).getBytes(UTF_8));
            return sum.getValue();
        }

        private static Optional<State> of(byte[] bytes) {
            Matcher text = TEXT.matcher(new String(bytes, UTF_8));
            if (!text.matches()) {
                return Optional.empty();
            }
            State state = new State(
                    Long.parseLong(text.group("asked")),
                    Long.parseLong(text.group("finished")),
                    text.group("outcome").equals("done"),
                    text.group("errors"));
            return Long.toHexString(state.checksum()).equals(text.group("sum")) ? Optional.of(state) : Optional.empty();
        }
    }

    /** The view of a process from outside. */
    public sealed interface Sight {
        /** A server that handles SIGHUP. */
        record Board(Path file) implements Sight {}

        /** A process that is none, or not yet. */
        record None() implements Sight {}

        /** A process into which this one may not look; or there is no /proc to look into. */
        record Hidden() implements Sight {}
    }

    private final Path file;

    private ReloadBoard(Path file) {
        this.file = file;
    }

    /** Puts up the board of this process, for as long as it lives; empty where there is no such thing. */
    public static Optional<ReloadBoard> putUp() {
        try {
            ReloadBoard board = new ReloadBoard(Path.of("/proc/self/fd", Integer.toString(Posix.memoryFile(NAME))));
            board.write(State.FIRST);
            return Optional.of(board);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public void write(State state) throws IOException {
        String errors = state.errors();
        if (errors.length() > MOST_ERROR_BYTES) {
            errors = errors.substring(0, MOST_ERROR_BYTES) + "\n... (the server's log has all of it)";
        }
        Files.write(file, new State(state.asked(), state.finished(), state.succeeded(), errors).bytes());
    }

    /** Looks for the board of a process. */
    public static Sight of(long process) {
        Path descriptors = Path.of("/proc", Long.toString(process), "fd");
        if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
            return new Sight.Hidden();
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                if (leadsTo(descriptor).startsWith(LINK)) {
                    return new Sight.Board(descriptor);
                }
            }
            return new Sight.None();
        } catch (AccessDeniedException e) {
            return new Sight.Hidden();
        } catch (IOException | DirectoryIteratorException e) {
            return new Sight.None();
        }
    }

    private static String leadsTo(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            // Closed meanwhile.
            return "";
        }
    }

    /**
     * Reads a board; empty while it is being written.
     *
     * @throws IOException if it is gone, with its process
     */
    public static Optional<State> read(Sight.Board board) throws IOException {
        try (InputStream in = Files.newInputStream(board.file())) {
            return State.of(in.readNBytes(2 * MOST_ERROR_BYTES + 1024));
        }
    }
}
