package io.memroute.app.placement;

import io.memroute.app.terminal.StandardStream;
import java.io.PrintStream;

/** A bar on standard error that grows while work is done, if a person sees it. */
public final class Progress implements AutoCloseable {

    private static final int WIDTH = 40;

    private final long total;
    private final PrintStream to;
    private final boolean shown;
    private int percent = -1;

    private Progress(long total, PrintStream to, boolean shown) {
        this.total = total;
        this.to = to;
        this.shown = shown;
    }

    public static Progress on(long total) {
        return new Progress(total, System.err, StandardStream.ERROR.isTerminal());
    }

    static Progress to(PrintStream stream, long total) {
        return new Progress(total, stream, true);
    }

    /** Tells how much is done. */
    public void done(long count) {
        int now = total == 0 ? 100 : (int) (100 * count / total);
        if (shown && now != percent) {
            percent = now;
            int filled = WIDTH * now / 100;
            to.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + now + " %");
            to.flush();
        }
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (shown && percent >= 0) {
            to.print("\r" + " ".repeat(WIDTH + 8) + "\r");
            to.flush();
        }
    }
}
