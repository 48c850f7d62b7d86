package io.memroute.transport;

import io.memroute.transport.kernel.BufferGroup;
import io.memroute.transport.kernel.Errno;
import io.memroute.transport.kernel.Ring;
import io.memroute.transport.kernel.RingSetupException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells whether this machine has an io_uring that the transport can use, and if not why. Found out once, by making a
 * ring.
 */
public final class Uring {

    /** The end of {@link #unavailability()} where another kernel is the remedy. */
    private static final String NEEDED = "Linux 6.1 or later is needed";

    private static final Optional<String> UNAVAILABILITY = probe();

    private Uring() {}

    /** Whether it can be used. */
    public static boolean isAvailable() {
        return UNAVAILABILITY.isEmpty();
    }

    /** Returns why it cannot be used, in a sentence for an operator; empty if it can. */
    public static Optional<String> unavailability() {
        return UNAVAILABILITY;
    }

    /** @throws IllegalStateException with the reason if it cannot be used */
    static void ensureAvailable() {
        UNAVAILABILITY.ifPresent(reason -> {
            throw new IllegalStateException("io_uring cannot be used: " + reason);
        });
    }

    private static Optional<String> probe() {
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        if (!system.equals("Linux")) {
            return Optional.of("the system is " + system + ", not Linux");
        }
        if (!architecture.equals("amd64") && !architecture.equals("aarch64")
                || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return Optional.of("the architecture is " + architecture + "; expected amd64 or aarch64");
        }
        try {
            return tryRing();
        } catch (Throwable e) {
            // No native access, no C library: whatever the JVM says of it.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of("native calls do not work: " + cause);
        }
    }

    private static Optional<String> tryRing() {
        Ring ring;
        try {
            ring = new Ring(8, 16);
        } catch (RingSetupException e) {
            return Optional.of(explain(e.error(), kernelSetting("io_uring_disabled"), kernelSetting("osrelease")));
        } catch (IOException e) {
            return Optional.of(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
        try (Arena arena = Arena.ofConfined()) {
            BufferGroup.probe(ring, arena);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        } finally {
            ring.close(true);
        }
    }

    /**
     * Says why no ring could be made.
     *
     * @param disabled what kernel.io_uring_disabled says; empty if the kernel has no such setting
     * @param release the kernel's
     */
    static String explain(int error, String disabled, String release) {
        return switch (error) {
            case Errno.ENOSYS ->
                "the kernel (" + release + ") has none, or a seccomp filter hides it, as container"
                        + " runtimes do by default; " + NEEDED;
            case Errno.EINVAL -> "the kernel (" + release + ") is too old; " + NEEDED;
            case Errno.EPERM, Errno.EACCES ->
                disabled.equals("1") || disabled.equals("2")
                        ? "it is switched off: sysctl kernel.io_uring_disabled is " + disabled + "; expected 0"
                        : "it is forbidden to this process, by a seccomp filter (as container runtimes "
                                + "set by default) or"
                                + " a security module; for containers see their seccomp profile";
            case Errno.ENOMEM -> "the memory that may be locked does not suffice; see ulimit -l";
            case Errno.EMFILE, Errno.ENFILE -> "there are too many open files; see ulimit -n";
            default -> "io_uring_setup failed: " + Errno.text(error);
        };
    }

    private static String kernelSetting(String name) {
        try {
            return Files.readString(Path.of("/proc/sys/kernel", name)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
