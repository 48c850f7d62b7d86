package io.memroute.app.terminal;

import io.memroute.testkit.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Programs in a pseudo terminal (util-linux' {@code script}), with keys pressed and everything that was shown. */
public final class TerminalSession implements AutoCloseable {

    private final Process process;
    private final StringBuilder output = new StringBuilder();
    private final Thread drain;

    private TerminalSession(String commands) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", commands, "/dev/null").redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        process = builder.start();
        drain = Thread.ofVirtual().start(this::drain);
    }

    /** @param commands for a shell; {@code ProgramUnderTest.shellCommand} makes one */
    public static TerminalSession start(String commands) throws IOException {
        return new TerminalSession(commands);
    }

    private void drain() {
        byte[] bytes = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int count; (count = in.read(bytes)) >= 0; ) {
                synchronized (output) {
                    output.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // The terminal is gone.
        }
    }

    public String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    /** Waits until something is shown after the first {@code from} characters; returns where it ends. */
    public int await(String text, int from) {
        Deadline.await("\"" + text + "\"", Deadline.OF_WORK, () -> output().indexOf(text, from) >= 0, this::output);
        return output().indexOf(text, from) + text.length();
    }

    public void press(String keys) {
        try {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the commands have ended; returns the status of the last. */
    public int awaitEnd() throws InterruptedException {
        Deadline.await("the end", Deadline.OF_WORK, () -> !process.isAlive(), this::output);
        drain.join(Deadline.USUAL);
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
