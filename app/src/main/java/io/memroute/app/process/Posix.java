package io.memroute.app.process;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The C library calls without a Java equivalent. Each one is made a few times in the life of a process. */
final class Posix {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final int O_RDWR = 2;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

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
        call("setsid", FunctionDescriptor.of(INT));
    }

    /** Makes file descriptors 1 and, if wanted, 2 lead nowhere. */
    static void closeOutput(boolean standardErrorToo) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int nowhere =
                    call("open", FunctionDescriptor.of(INT, POINTER, INT), arena.allocateFrom("/dev/null"), O_RDWR);
            FunctionDescriptor dup2 = FunctionDescriptor.of(INT, INT, INT);
            call("dup2", dup2, nowhere, 1);
            if (standardErrorToo) {
                call("dup2", dup2, nowhere, 2);
            }
            call("close", FunctionDescriptor.of(INT, INT), nowhere);
        }
    }

    /** Has a signal do nothing instead of being ignored, which the JVM respects: from then on it can be handled. */
    static void unignore(int signal) throws IOException {
        // Any function that takes a number and has no effect: with SIG_DFL a signal that came now would end the
        // process.
        MemorySegment nothing = LINKER.defaultLookup().find("abs").orElse(MemorySegment.NULL);
        MemorySegment previous =
                (MemorySegment) invoke("signal", FunctionDescriptor.of(POINTER, INT, POINTER), signal, nothing);
        // SIG_ERR everywhere.
        if (previous.address() == -1) {
            throw new IOException("signal " + signal + " cannot be handled");
        }
    }

    static Optional<User> user(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = (MemorySegment)
                    invoke("getpwnam", FunctionDescriptor.of(POINTER, POINTER), arena.allocateFrom(name));
            if (entry.address() == 0) {
                return Optional.empty();
            }
            MemorySegment passwd = entry.reinterpret(PASSWD_GID + Integer.BYTES);
            return Optional.of(new User(passwd.get(INT, PASSWD_UID), passwd.get(INT, PASSWD_GID)));
        }
    }

    static int effectiveUserId() throws IOException {
        return call("geteuid", FunctionDescriptor.of(INT));
    }

    /** Becomes another user for good: no supplementary groups, its group, its identity, in all threads. */
    static void become(User user) throws IOException {
        call("setgroups", FunctionDescriptor.of(INT, LONG, POINTER), 0L, MemorySegment.NULL);
        call("setgid", FunctionDescriptor.of(INT, INT), user.gid());
        call("setuid", FunctionDescriptor.of(INT, INT), user.uid());
    }

    /** Whether a file descriptor of this process is a terminal. */
    static boolean isTerminal(int descriptor) throws IOException {
        return (int) invoke("isatty", FunctionDescriptor.of(INT, INT), descriptor) == 1;
    }

    /** Sends a signal to the calling thread, which has it before this returns. */
    static void raise(int signal) throws IOException {
        call("raise", FunctionDescriptor.of(INT, INT), signal);
    }

    /** Sends a signal to a process. */
    static void kill(long process, int signal) throws IOException {
        call("kill", FunctionDescriptor.of(INT, INT, INT), Math.toIntExact(process), signal);
    }

    /** Calls a function that returns a negative number if it fails, and then says why in {@code errno}. */
    static int call(String function, FunctionDescriptor signature, Object... arguments) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            Object[] withState = new Object[arguments.length + 1];
            withState[0] = state;
            System.arraycopy(arguments, 0, withState, 1, arguments.length);
            int result = (int) invoke(function, signature, List.of(Linker.Option.captureCallState("errno")), withState);
            if (result < 0) {
                int error = (int) ERRNO.get(state, 0L);
                throw new CallException(function + ": " + errorText(error), error);
            }
            return result;
        }
    }

    private static String errorText(int errno) throws IOException {
        MemorySegment text = (MemorySegment) invoke("strerror", FunctionDescriptor.of(POINTER, INT), errno);
        return text.reinterpret(MOST_ERROR_TEXT_BYTES).getString(0);
    }

    private static Object invoke(String function, FunctionDescriptor signature, Object... arguments)
            throws IOException {
        return invoke(function, signature, List.of(), arguments);
    }

    private static Object invoke(
            String function, FunctionDescriptor signature, List<Linker.Option> options, Object... arguments)
            throws IOException {
        MemorySegment address = LINKER.defaultLookup()
                .find(function)
                .orElseThrow(() -> new IOException("the C library has no " + function));
        // open is variadic from its third parameter on; that matters to some calling conventions.
        List<Linker.Option> all = new ArrayList<>(options);
        if (function.equals("open")) {
            all.add(Linker.Option.firstVariadicArg(2));
        }
        try {
            return LINKER.downcallHandle(address, signature, all.toArray(Linker.Option[]::new))
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IOException(function + " could not be called", e);
        }
    }
}
