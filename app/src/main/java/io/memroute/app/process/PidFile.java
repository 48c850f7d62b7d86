package io.memroute.app.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file of {@code -P}: holds the process id while the server runs. */
public final class PidFile {

    private static final String PROCESS_ID = "\\s*[0-9]{1,10}\\s*";

    private final Path path;
    private final Announcement file;

    public PidFile(Path path) {
        this.path = path;
        this.file = new Announcement(path, "pid file", text -> text.matches(PROCESS_ID));
    }

    /** The process that an existing file names, if it is alive: most likely a second server by mistake. */
    public Optional<Long> runningProcess() {
        try {
            return Optional.of(Long.parseLong(Files.readString(path).strip()))
                    .filter(pid ->
                            ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** @throws IOException if the file cannot be written, because of something else with its name for example */
    public void prepare() throws IOException {
        file.prepare();
    }

    /** Writes it whole: a reader finds the process id or no file, never an empty one. */
    public void write() throws IOException {
        file.publish(ProcessHandle.current().pid() + "\n");
    }

    /** Removes it, unless another process has put its own in the same place. */
    public void remove() {
        file.remove();
    }
}
