package io.memroute.proxy;

import io.memroute.transport.kernel.CLibrary;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * The permissions that new files of this process do not get. It belongs to the whole process: meanwhile the files of
 * other threads get fewer permissions, too, so it is changed for moments only.
 */
final class Umask {

    /** An action that makes a file. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    private Umask() {}

    /** Runs an action that makes a file with at most the permissions of a mode, such as octal 700. */
    static synchronized void during(int mode, Action action) throws IOException {
        MemorySegment umask = CLibrary.find("umask").orElseThrow(() -> new IOException("the C library has no umask"));
        int before = CLibrary.call(umask, ~mode & 0777).number();
        try {
            action.run();
        } finally {
            CLibrary.call(umask, before);
        }
    }
}
