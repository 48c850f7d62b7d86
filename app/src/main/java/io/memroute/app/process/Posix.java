package io.memroute.app.process;

import io.memroute.transport.kernel.CLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The C library calls without a Java equivalent. Each one is made a few times in the life of a process. */
final class Posix {

    private static final int O_RDWR = 2;

    /** Longer than the text of any error. */
    private static final long MOST_ERROR_TEXT_BYTES = 256;

    // struct passwd begins with two pointers, then uid_t and gid_t of 32 bits, on every 64-bit Linux, macOS and BSD.
    private static final long PASSWD_UID = 16;
    private static final long PASSWD_GID = 20;

    /** The numbers behind a user name. */
    record User(int uid, int gid) {}

    /** A call has failed. */
    static final class CallException extends IOException {

        private static final long serialVersionUID = 1;

        private final int error;

        CallException(String message, int error) {
            super(message);
            this.error = error;
        }

        /** The number of the error, {@code errno}. */
        int error() {
            return error;
        }
    }

    private Posix() {}

    /** Leaves the terminal's session and process group for ones of our own. */
    static void setsid() throws IOException {
        call("setsid");
    }

    /** Makes file descriptors 1 and, if wanted, 2 lead nowhere. */
    static void closeOutput(boolean standardErrorToo) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int nowhere = call("open", arena.allocateFrom("/dev/null").address(), O_RDWR);
            call("dup2", nowhere, 1);
            if (standardErrorToo) {
                call("dup2", nowhere, 2);
            }
            call("close", nowhere);
        }
    }

    /** Has a signal do nothing instead of being ignored, which the JVM respects: from then on it can be handled. */
    static void unignore(int signal) throws IOException {
        // Any function that takes a number and has no effect: with SIG_DFL a signal that came now would end the
        // process.
        long nothing = function("abs").address();
        // SIG_ERR everywhere.
        if (CLibrary.call(function("signal"), signal, nothing).word() == -1) {
            throw new IOException("signal " + signal + " cannot be handled");
        }
    }

    static Optional<User> user(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long entry = CLibrary.call(
                            function("getpwnam"), arena.allocateFrom(name).address())
                    .word();
            if (entry == 0) {
                return Optional.empty();
            }
            MemorySegment passwd = MemorySegment.ofAddress(entry).reinterpret(PASSWD_GID + Integer.BYTES);
            return Optional.of(new User(
                    passwd.get(ValueLayout.JAVA_INT, PASSWD_UID), passwd.get(ValueLayout.JAVA_INT, PASSWD_GID)));
        }
    }

    static int effectiveUserId() throws IOException {
        return call("geteuid");
    }

    /** Becomes another user for good: no supplementary groups, its group, its identity, in all threads. */
    static void become(User user) throws IOException {
        call("setgroups", 0, MemorySegment.NULL.address());
        call("setgid", user.gid());
        call("setuid", user.uid());
    }

    /** Whether a file descriptor of this process is a terminal. */
    static boolean isTerminal(int descriptor) throws IOException {
        return CLibrary.call(function("isatty"), descriptor).number() == 1;
    }

    /** Sends a signal to the calling thread, which has it before this returns. */
    static void raise(int signal) throws IOException {
        call("raise", signal);
    }

    /** Sends a signal to a process. */
    static void kill(long process, int signal) throws IOException {
        call("kill", Math.toIntExact(process), signal);
    }

    /**
     * Calls a function that returns a negative number if it fails, and then says why in {@code errno}.
     *
     * @param arguments numbers and addresses; what an address leads to must live until this returns
     */
    static int call(String function, long... arguments) throws IOException {
        CLibrary.Result result = CLibrary.call(function(function), arguments);
        if (result.number() < 0) {
            throw new CallException(function + ": " + errorText(result.error()), result.error());
        }
        return result.number();
    }

    private static String errorText(int errno) throws IOException {
        long text = CLibrary.call(function("strerror"), errno).word();
        return MemorySegment.ofAddress(text).reinterpret(MOST_ERROR_TEXT_BYTES).getString(0);
    }

    private static MemorySegment function(String name) throws IOException {
        return CLibrary.find(name).orElseThrow(() -> new IOException("the C library has no " + name));
    }
}
