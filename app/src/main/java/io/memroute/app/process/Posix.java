package io.memroute.app.process;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The C library calls without a Java equivalent. Each one is made a few times in the life of a process. */
final class Posix {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final int O_RDWR = 2;

    // struct passwd begins with two pointers, then uid_t and gid_t of 32 bits, on every 64-bit Linux, macOS and BSD.
    private static final long PASSWD_UID = 16;
    private static final long PASSWD_GID = 20;

    /** The numbers behind a user name. */
    record User(int uid, int gid) {}

    private Posix() {}

    /** Leaves the terminal's session and process group for ones of our own. */
    static void setsid() throws IOException {
        check("setsid", call("setsid", FunctionDescriptor.of(INT)));
    }

    /** Makes file descriptors 1 and, if wanted, 2 lead nowhere. */
    static void closeOutput(boolean standardErrorToo) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int nowhere = check("open /dev/null",
                    call("open", FunctionDescriptor.of(INT, POINTER, INT), arena.allocateFrom("/dev/null"), O_RDWR));
            FunctionDescriptor dup2 = FunctionDescriptor.of(INT, INT, INT);
            check("dup2", call("dup2", dup2, nowhere, 1));
            if (standardErrorToo) {
                check("dup2", call("dup2", dup2, nowhere, 2));
            }
            check("close", call("close", FunctionDescriptor.of(INT, INT), nowhere));
        }
    }

    /** Gives a signal back its usual effect, if what started us had it ignored. */
    static void unignore(int signal) throws IOException {
        // The handler is a pointer; SIG_DFL is 0 and SIG_ERR is -1 everywhere.
        Object previous = invoke("signal", FunctionDescriptor.of(LONG, INT, LONG), signal, 0L);
        check("signal", (long) previous == -1 ? -1 : 0);
    }

    static Optional<User> user(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = (MemorySegment) invoke("getpwnam",
                    FunctionDescriptor.of(POINTER, POINTER), arena.allocateFrom(name));
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
        check("setgroups", call("setgroups", FunctionDescriptor.of(INT, LONG, POINTER), 0L, MemorySegment.NULL));
        check("setgid", call("setgid", FunctionDescriptor.of(INT, INT), user.gid()));
        check("setuid", call("setuid", FunctionDescriptor.of(INT, INT), user.uid()));
    }

    private static int call(String function, FunctionDescriptor signature, Object... arguments) throws IOException {
        return (int) invoke(function, signature, arguments);
    }

    private static int check(String what, int result) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed");
        }
        return result;
    }

    private static Object invoke(String function, FunctionDescriptor signature, Object... arguments) throws IOException {
        MemorySegment address = LINKER.defaultLookup().find(function)
                .orElseThrow(() -> new IOException("the C library has no " + function));
        // open is variadic from its third parameter on; that matters to some calling conventions.
        MethodHandle handle = function.equals("open")
                ? LINKER.downcallHandle(address, signature, Linker.Option.firstVariadicArg(2))
                : LINKER.downcallHandle(address, signature);
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IOException(function + " could not be called", e);
        }
    }
}
