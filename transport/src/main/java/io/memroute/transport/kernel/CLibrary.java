package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Functions of the C library that a process calls a few times in its life. Thread safe.
 *
 * <p>The JVM makes machine code and classes for each signature that is called, which takes some 20 ms of a start. So
 * there is one signature: six words, and a word for a result. On all 64-bit systems that the JDK's linker knows,
 * numbers and addresses are passed in registers, and a function looks at those that it has parameters for, and of each
 * at the bits that it needs. This holds for neither floating-point numbers nor variable arguments.
 */
public final class CLibrary {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long ERRNO = CAPTURE.byteOffset(StructLayout.PathElement.groupElement("errno"));

    private static final int MOST_ARGUMENTS = 6;

    private static final MethodHandle FUNCTION = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    /**
     * The result of a call.
     *
     * @param word of a function that returns an {@code int} only {@link #number()} counts
     * @param error {@code errno}, which says something only if the function has failed
     */
    public record Result(long word, int error) {

        /** The result as an {@code int}. */
        public int number() {
            return (int) word;
        }
    }

    private CLibrary() {}

    /** Finds a function by name. */
    public static Optional<MemorySegment> find(String function) {
        return LINKER.defaultLookup().find(function);
    }

    /**
     * Calls a function.
     *
     * @param arguments numbers and addresses, six at most; what an address leads to must live until this returns
     */
    public static Result call(MemorySegment function, long... arguments) {
        if (arguments.length > MOST_ARGUMENTS) {
            throw new IllegalArgumentException(arguments.length + " arguments; expected six at most");
        }
        long[] words = new long[MOST_ARGUMENTS];
        System.arraycopy(arguments, 0, words, 0, arguments.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURE);
            long word = (long) FUNCTION.invokeExact(
                    function, captured, words[0], words[1], words[2], words[3], words[4], words[5]);
            return new Result(word, captured.get(JAVA_INT, ERRNO));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a function of the C library could not be called", e);
        }
    }
}
