package io.memroute.app.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.memroute.app.options.ExitStatus;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends the process when the Java heap is exhausted. A thread that met the error may have left anything half done, and
 * the others meet it next: what is left is a process that takes connections and resets them. A supervisor can only
 * replace one that ends.
 *
 * <p>The JVM's own {@code -XX:+ExitOnOutOfMemoryError} would ask for a flag that {@code java -jar} does not have, and
 * would end the process for a Lua program too that asks for more than there is, which gets the Lua error {@code not
 * enough memory} instead. So the error is looked for where every thread's ends up that nobody expects: in the log,
 * Netty's included, and with the handler of uncaught errors. A place that deals with the error does not log it.
 *
 * <p>Native memory is another matter: its exhaustion is told when a buffer is asked for, before anything is changed.
 * The connection that asked is closed, and its buffers with it.
 */
public final class OutOfMemoryExit extends TurboFilter {

    /** An error is seldom wrapped more than three times; bounds the search in causes that go in a circle. */
    private static final int DEEPEST_CAUSE = 16;

    /** The beginning of what {@code java.nio} says when native memory is at its limit. */
    private static final String NATIVE_MEMORY = "Cannot reserve ";

    private final FileOutputStream standardError = new FileOutputStream(FileDescriptor.err);

    /** Made beforehand: there may be no memory to make it with. */
    private final byte[] message = ("memroute: out of memory: the Java heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB is full; exiting. Raise it (MEMROUTE_JAVA_OPTS=-Xmx2g) or lower -m\n")
            .getBytes(UTF_8);

    private OutOfMemoryExit() {}

    /** Has the first such error end the process from now on. */
    public static void install() {
        OutOfMemoryExit exit = new OutOfMemoryExit();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            exit.setContext(context);
            exit.start();
            context.addTurboFilter(exit);
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            exit.look(error);
            LoggerFactory.getLogger("memroute").error("thread {} ended unexpectedly", thread.getName(), error);
        });
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable error) {
        look(error);
        if (arguments != null && arguments.length > 0 && arguments[arguments.length - 1] instanceof Throwable last) {
            look(last);
        }
        return FilterReply.NEUTRAL;
    }

    private void look(Throwable error) {
        if (error != null && isHeapExhausted(error)) {
            end();
        }
    }

    static boolean isHeapExhausted(Throwable error) {
        int depth = 0;
        for (Throwable cause = error; cause != null && depth < DEEPEST_CAUSE; cause = cause.getCause(), depth++) {
            if (cause instanceof OutOfMemoryError
                    && !(cause instanceof OutOfDirectMemoryError)
                    && (cause.getMessage() == null || !cause.getMessage().startsWith(NATIVE_MEMORY))) {
                return true;
            }
        }
        return false;
    }

    /** Without shutdown hooks: they would need memory, too. */
    private void end() {
        try {
            standardError.write(message);
        } catch (IOException e) {
            // Nobody can be told.
        } finally {
            Runtime.getRuntime().halt(ExitStatus.SOFTWARE);
        }
    }
}
