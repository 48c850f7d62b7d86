package io.memroute.proxy;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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
        MethodHandle umask = umask();
        int before = set(umask, ~mode & 0777);
        try {
            action.run();
        } finally {
            set(umask, before);
        }
    }

    private static MethodHandle umask() throws IOException {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("umask").orElseThrow(() -> new IOException("the C library has no umask")),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private static int set(MethodHandle umask, int mask) throws IOException {
        try {
            return (int) umask.invokeExact(mask);
        } catch (Throwable e) {
            throw new IOException("umask could not be called", e);
        }
    }
}
