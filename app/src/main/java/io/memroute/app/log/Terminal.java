package io.memroute.app.log;

import io.memroute.app.terminal.Paint;
import io.memroute.app.terminal.StandardStream;
import io.memroute.proxy.text.Shown;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Standard output and standard error, for text that comes from outside in part. As UTF-8 whatever the locale: keys and
 * trees are.
 */
public final class Terminal {

    /** Bounds a line that does not end. */
    private static final int MOST_WAITING_BYTES = 8 << 10;

    private Terminal() {}

    /** Prints lines on standard output; the last one ends with a line end. */
    public static void print(String lines) {
        print(System.out, Shown.lines(lines));
    }

    /** Prints lines on standard output, in colour if it is a terminal. */
    public static void print(String lines, Paint paint) {
        print(System.out, paint.on(StandardStream.OUTPUT, Shown.lines(lines)));
    }

    /** Prints lines on standard error; the last one ends with a line end. */
    public static void error(String lines) {
        print(System.err, Shown.lines(lines));
    }

    /** Prints lines on standard error, in colour if it is a terminal. */
    public static void error(String lines, Paint paint) {
        print(System.err, paint.on(StandardStream.ERROR, Shown.lines(lines)));
    }

    /** Standard error for bytes of a program that may not be trusted. */
    public static OutputStream errorStream() {
        return new OutputStream() {
            private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

            @Override
            public synchronized void write(int next) {
                waiting.write(next);
                // A character may be part of the next call, a line is whole.
                if (next == '\n' || waiting.size() >= MOST_WAITING_BYTES) {
                    flush();
                }
            }

            @Override
            public synchronized void flush() {
                byte[] bytes = waiting.toByteArray();
                waiting.reset();
                boolean line = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
                error(line ? Shown.bytes(Arrays.copyOf(bytes, bytes.length - 1)) + "\n" : Shown.bytes(bytes));
            }
        };
    }

    private static void print(PrintStream to, String harmless) {
        to.writeBytes(harmless.getBytes(StandardCharsets.UTF_8));
        to.flush();
    }
}
