package io.memroute.app.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process of this machine that is not this one's child. Linux. */
public final class OtherProcess {

    private static final int ESRCH = 3;

    /** The signal that only asks whether there is such a process. */
    private static final int NO_SIGNAL = 0;

    /** The states of a process that is dead, though it still has its number: zombie, dead. */
    private static final String DEAD = "ZX";

    private OtherProcess() {}

    /**
     * Whether a process runs. One that has died does not, even if its parent has not yet asked how;
     * {@link ProcessHandle} takes it for alive until then, which may be for ever in a container. In doubt it runs.
     *
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
     */
    public static boolean runs(long process) throws IOException {
        try {
            Posix.kill(process, NO_SIGNAL);
        } catch (Posix.CallException e) {
            if (e.error() == ESRCH) {
                return false;
            }
        }
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process), "stat"), ISO_8859_1);
            // The name stands in parentheses, and may have some of its own.
            return DEAD.indexOf(status.charAt(status.lastIndexOf(')') + 2)) < 0;
        } catch (IOException e) {
            // Hidden from this user, or gone since.
            return true;
        }
    }
}
