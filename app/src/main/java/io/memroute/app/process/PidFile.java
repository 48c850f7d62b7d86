package io.memroute.app.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The file of {@code -P}: holds the process id while the server runs. */
public final class PidFile {

    private final Path path;
    private final String content = ProcessHandle.current().pid() + "\n";

    public PidFile(Path path) {
        this.path = path;
    }

    /** The process that an existing file names, if it is alive: most likely a second server by mistake. */
    public Optional<Long> runningProcess() {
        try {
            return Optional.of(Long.parseLong(Files.readString(path).strip()))
                    .filter(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Writes it whole: a reader finds the process id or no file, never an empty one. */
    public void write() throws IOException {
        Path complete = path.resolveSibling(path.getFileName() + ".tmp");
        Files.writeString(complete, content);
        Files.move(complete, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes it, unless another process has put its own in the same place. */
    public void remove() {
        try {
            if (Files.readString(path).equals(content)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Gone already, or no longer ours to remove.
        }
    }
}
