package io.memroute.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that a test starts: its output (standard output and error together) is drained all the time and its last
 * part kept for failure messages, and it never outlives this JVM.
 */
public final class ChildProcess implements AutoCloseable {

    /** The bytes of output that are kept: the end, where a failing program says why. */
    private static final int KEPT_OUTPUT_BYTES = 256 * 1024;

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final List<String> command;
    private final Process process;
    private final StringBuilder output = new StringBuilder();
    private final Thread drain;

    private ChildProcess(List<String> command, Process process) {
        this.command = List.copyOf(command);
        this.process = process;
        this.drain =
                Thread.ofPlatform().daemon().name("output-of-" + process.pid()).start(this::drainOutput);
    }

    /** Starts a command with additions to this JVM's environment. */
    public static ChildProcess start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            RUNNING.add(process);
            process.onExit().thenRun(() -> RUNNING.remove(process));
            process.getOutputStream().close();
            return new ChildProcess(command, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + String.join(" ", command), e);
        }
    }

    /**
     * Finds a program: on the {@code PATH}, or in {@code /usr/bin}, {@code /usr/sbin} or {@code /usr/local/bin}, which
     * a service's PATH may lack.
     */
    public static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String directory : (path + ":/usr/bin:/usr/sbin:/usr/local/bin").split(":")) {
            if (!directory.isEmpty()) {
                Path candidate = Path.of(directory, program);
                if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Finds a program that tests cannot do without.
     *
     * @param debianPackage the package that brings it, named in the failure
     * @throws IllegalStateException if it is not installed; the message says how to install it
     */
    public static Path require(String program, String debianPackage) {
        return find(program)
                .orElseThrow(() -> new IllegalStateException(program
                        + " is neither on the PATH nor in /usr/bin, and this test needs it; install it with:"
                        + " apt-get install -y " + debianPackage));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The output of the program so far, at most its last {@value #KEPT_OUTPUT_BYTES} bytes. */
    public String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    /** Waits up to {@link Deadline#OF_START} until the output contains a text. */
    public void awaitOutput(String text) {
        Deadline.await(
                Shown.quoted(text) + " in the output of " + this,
                Deadline.OF_START,
                () -> output().contains(text) || !isAlive(),
                this::output);
        if (!isAlive()) {
            awaitExit();
        }
        if (!output().contains(text)) {
            throw new AssertionError(this + " ended without printing " + Shown.quoted(text) + ": " + output());
        }
    }

    /** Waits up to {@link Deadline#OF_START} for the program to end by itself and returns its exit status. */
    public int awaitExit() {
        return awaitExit(Deadline.OF_START);
    }

    /** Waits for the program to end by itself, with its output, and returns its exit status. */
    public int awaitExit(Duration limit) {
        int status = awaitEnd(limit);
        try {
            drain.join(Deadline.USUAL.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return status;
    }

    /**
     * Waits for the program to end by itself and returns its exit status; programs that it has started may go on, and
     * hold its output open.
     */
    public int awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(this + " still runs after " + limit.toMillis() + " ms: " + output());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return process.exitValue();
    }

    private AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting for " + this, e);
    }

    /** Sends a signal by its name without the prefix, for example {@code HUP}. */
    public void signal(String name) {
        // The shell's own kill: a machine without procps has no other.
        ChildProcess sender = start(List.of("sh", "-c", "kill -" + name + " " + pid()), Map.of());
        int status = sender.awaitExit();
        if (status != 0) {
            throw new AssertionError("cannot send SIG" + name + " to " + this + ": " + sender.output());
        }
    }

    /** Ends the process at once (SIGKILL) and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /**
     * Ends the process at once. Does not wait for the end of its output, which programs that it has started may hold
     * open.
     */
    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd(Deadline.OF_START);
    }

    private void drainOutput() {
        byte[] chunk = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int count; (count = in.read(chunk)) >= 0; ) {
                synchronized (output) {
                    output.append(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
                    if (output.length() > 2 * KEPT_OUTPUT_BYTES) {
                        output.delete(0, output.length() - KEPT_OUTPUT_BYTES);
                    }
                }
            }
        } catch (IOException e) {
            // The stream breaks off when the process is killed; what was read so far is kept.
        }
    }

    @Override
    public String toString() {
        return String.join(" ", command) + " (process " + pid() + ")";
    }
}
