package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Calls the Linux kernel. All calls go through one function, the C library's {@code syscall}, so that the JVM makes two
 * pieces of machine code for all of them. A result below zero is the negative error number, as in the kernel.
 *
 * <p>Numbers that differ between architectures are given for x86-64 and 64-bit ARM, the only ones supported.
 */
public final class SystemCalls {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private static final int WRITE = ARM ? 64 : 1;
    private static final int CLOSE = ARM ? 57 : 3;
    private static final int FCNTL = ARM ? 25 : 72;
    private static final int MMAP = ARM ? 222 : 9;
    private static final int MUNMAP = ARM ? 215 : 11;
    private static final int SOCKET = ARM ? 198 : 41;
    private static final int SHUTDOWN = ARM ? 210 : 48;
    private static final int BIND = ARM ? 200 : 49;
    private static final int LISTEN = ARM ? 201 : 50;
    private static final int GETSOCKNAME = ARM ? 204 : 51;
    private static final int GETPEERNAME = ARM ? 205 : 52;
    private static final int SETSOCKOPT = ARM ? 208 : 54;
    private static final int GETSOCKOPT = ARM ? 209 : 55;
    private static final int EVENTFD2 = ARM ? 19 : 290;
    private static final int IO_URING_SETUP = 425;
    private static final int IO_URING_ENTER = 426;
    private static final int IO_URING_REGISTER = 427;

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long ERRNO = CAPTURE.byteOffset(StructLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SYSCALL = syscall(Linker.Option.captureCallState("errno"));

    /**
     * The same without the error number, which the JVM takes from the C library by two calls more: for the one call
     * that every pass of a loop makes.
     */
    private static final MethodHandle SYSCALL_WITHOUT_ERRNO = syscall();

    private SystemCalls() {}

    /** {@code long syscall(long number, ...)}; every argument that the kernel takes fits a long. */
    private static MethodHandle syscall(Linker.Option... more) {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup()
                .find("syscall")
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function syscall"));
        Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
        options[more.length] = Linker.Option.firstVariadicArg(1);
        return linker.downcallHandle(
                function,
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                options);
    }

    /** Returns memory for the error number of calls made by one thread at a time. */
    static MemorySegment newErrorNumber(Arena arena) {
        MemorySegment memory = arena.allocate(CAPTURE);
        // The arena's owner keeps it alive; as a segment of no arena's it costs a call no liveness check.
        return MemorySegment.ofAddress(memory.address()).reinterpret(CAPTURE.byteSize());
    }

    private static long call(MemorySegment errno, long number, long a, long b, long c, long d, long e, long f) {
        long result;
        try {
            result = (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError("system call " + number + " could not be made", t);
        }
        return result == -1 ? -errno.get(JAVA_INT, ERRNO) : result;
    }

    private static long call(long number, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            return call(arena.allocate(CAPTURE), number, a, b, c, d, e, f);
        }
    }

    // ---- io_uring ----

    static int ringSetup(int entries, MemorySegment parameters) {
        return (int) call(IO_URING_SETUP, entries, parameters.address(), 0, 0, 0, 0);
    }

    /**
     * Submits without waiting.
     *
     * @param errno this thread's {@link #newErrorNumber}
     */
    static int ringEnter(MemorySegment errno, int ring, int submit, int flags) {
        return (int) call(errno, IO_URING_ENTER, ring, submit, 0, flags, 0, 0);
    }

    /**
     * Submits and waits for a completion.
     *
     * @param argument the address of what {@code flags} announce, or 0
     * @return -1 for any error
     */
    static int ringEnterAndWait(int ring, int submit, int flags, long argument, long argumentBytes) {
        try {
            return (int) (long) SYSCALL_WITHOUT_ERRNO.invokeExact(
                    (long) IO_URING_ENTER, (long) ring, (long) submit, 1L, (long) flags, argument, argumentBytes);
        } catch (Throwable t) {
            throw new AssertionError("io_uring_enter could not be called", t);
        }
    }

    static int ringRegister(int ring, int operation, MemorySegment argument, int count) {
        return (int) call(IO_URING_REGISTER, ring, operation, argument.address(), count, 0, 0);
    }

    /** Maps a part of a ring's memory for reading and writing; the result is an address. */
    static long map(long bytes, int descriptor, long offset) {
        return call(MMAP, 0, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, descriptor, offset);
    }

    static void unmap(long address, long bytes) {
        call(MUNMAP, address, bytes, 0, 0, 0, 0);
    }

    // ---- descriptors ----

    static int eventDescriptor() {
        return (int) call(EVENTFD2, 0, EFD_CLOEXEC, 0, 0, 0, 0);
    }

    static int write(int descriptor, MemorySegment bytes) {
        return (int) call(WRITE, descriptor, bytes.address(), bytes.byteSize(), 0, 0, 0);
    }

    public static int close(int descriptor) {
        return (int) call(CLOSE, descriptor, 0, 0, 0, 0, 0);
    }

    static int control(int descriptor, int command, int argument) {
        return (int) call(FCNTL, descriptor, command, argument, 0, 0, 0);
    }

    // ---- sockets ----

    static int socket(int family, int type) {
        return (int) call(SOCKET, family, type, 0, 0, 0, 0);
    }

    static int bind(int socket, MemorySegment address) {
        return (int) call(BIND, socket, address.address(), address.byteSize(), 0, 0, 0);
    }

    static int listen(int socket, int backlog) {
        return (int) call(LISTEN, socket, backlog, 0, 0, 0, 0);
    }

    static int shutdown(int socket, int how) {
        return (int) call(SHUTDOWN, socket, how, 0, 0, 0, 0);
    }

    /** @param peer the other end's address, else this end's */
    static int name(int socket, boolean peer, MemorySegment address, MemorySegment length) {
        return (int) call(peer ? GETPEERNAME : GETSOCKNAME, socket, address.address(), length.address(), 0, 0, 0);
    }

    static int setOption(int socket, int level, int option, MemorySegment value) {
        return (int) call(SETSOCKOPT, socket, level, option, value.address(), value.byteSize(), 0);
    }

    static int getOption(int socket, int level, int option, MemorySegment value, MemorySegment length) {
        return (int) call(GETSOCKOPT, socket, level, option, value.address(), length.address(), 0);
    }
}
