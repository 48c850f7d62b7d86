package io.memroute.app.top;

import io.memroute.app.process.SystemSignal;
import io.memroute.app.remote.RemoteProxy;
import io.memroute.app.terminal.Paint;
import io.memroute.app.terminal.StandardStream;
import io.memroute.proxy.text.Shown;
import java.io.IOError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Curses;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The live table: draws readings until it is told to end, and leaves the terminal as it was, however it ends, and while
 * it is stopped. Keys are the calling thread's; the terminal is drawn on and left by one thread at a time.
 */
final class TopScreen implements AutoCloseable {

    /** The time in which a key, a reading or a new window size shows. */
    private static final long LOOK_MILLIS = 100;

    private static final int USUAL_WIDTH = 80;
    private static final int USUAL_HEIGHT = 24;

    /** Fits a terminal of the usual width. */
    private static final String KEYS =
            "q quit  1-6 views  sort: r rate l p99 e errors u queue h hits n name  space pause";

    private static final int CONTROL_C = 3;
    private static final int CONTROL_D = 4;
    private static final int CONTROL_Z = 26;

    private final RemoteProxy proxy;
    private final Readings readings;
    private final Terminal terminal;
    private final Attributes before;
    /** Shows the screen from before, and the cursor. */
    private final String leaving;

    private final Paint paint = StandardStream.OUTPUT.takesColours() ? TopPage.PAINT : Paint.NONE;
    private final AtomicBoolean left = new AtomicBoolean();
    private final Thread restore = new Thread(this::leave, "memroute-top-end");
    /** The signal as a shell sends it; Ctrl-Z, pressed here, is a key. */
    private final SystemSignal stop = new SystemSignal("TSTP");

    /** Held while the terminal is drawn on, and while the process is stopped. */
    private final Object drawing = new Object();

    private boolean drawAll;

    private View view = View.ALL;
    private Order order;
    private boolean paused;
    private Readings.Reading shown;

    /** @param order until a key changes it */
    TopScreen(RemoteProxy proxy, int seconds, Duration every, Order order) throws IOException {
        this.proxy = proxy;
        this.order = order;
        this.readings = new Readings(proxy, seconds, every);
        this.shown = readings.last();
        this.terminal = TerminalBuilder.builder()
                .system(true)
                .ffm(true)
                .jni(false)
                .nativeSignals(false)
                .build();
        this.leaving = sequence(Capability.exit_ca_mode) + sequence(Capability.cursor_normal);
        this.before = terminal.enterRawMode();
        // A signal that ends the process comes by here.
        Runtime.getRuntime().addShutdownHook(restore);
        stop.handle(this::stopped);
        enter();
    }

    private void enter() {
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    /** Gives the terminal back while the process is stopped, until a shell has it go on. */
    private void stopped() {
        synchronized (drawing) {
            if (left.get()) {
                return;
            }
            System.out.print(leaving);
            System.out.flush();
            terminal.setAttributes(before);
            try {
                stop.passOn();
            } catch (IOException e) {
                // It does not stop, and goes on as if it had been.
            }
            terminal.enterRawMode();
            enter();
            drawAll = true;
        }
    }

    /** Draws until a key ends it. */
    void run() throws IOException {
        NonBlockingReader keys = terminal.reader();
        List<String> drawn = List.of();
        Size drawnSize = size();
        while (true) {
            Readings.Reading last = readings.last();
            if (!paused || last.problem().isPresent() != shown.problem().isPresent()) {
                shown = last;
            }
            Size size = size();
            List<String> lines = lines(size);
            synchronized (drawing) {
                drawAll |= !size.equals(drawnSize);
                if (!lines.equals(drawn) || drawAll) {
                    draw(lines, drawAll);
                    drawn = lines;
                    drawnSize = size;
                    drawAll = false;
                }
            }
            int key = keys.read(LOOK_MILLIS);
            if (key == 'q' || key == CONTROL_C || key == CONTROL_D || key == NonBlockingReader.EOF) {
                return;
            }
            pressed(key);
        }
    }

    private void pressed(int key) {
        View.of(key).ifPresent(chosen -> view = chosen);
        Order.of(key).ifPresent(chosen -> order = chosen);
        if (key == ' ') {
            paused = !paused;
        } else if (key == CONTROL_Z) {
            stopped();
        }
    }

    private Size size() {
        Size size = terminal.getSize();
        return size.getColumns() > 0 && size.getRows() > 0 ? size : Size.of(USUAL_WIDTH, USUAL_HEIGHT);
    }

    private List<String> lines(Size size) {
        List<String> lines = new ArrayList<>(shown.live()
                .map(live -> TopPage.lines(proxy.name(), live, view, order, size.getRows() - 2))
                .orElseGet(() -> List.of("memroute " + Shown.text(proxy.name()))));
        while (lines.size() < size.getRows() - 2) {
            lines.add("");
        }
        lines.add(shown.problem()
                .map(problem -> "connection lost, trying again: " + Shown.text(problem))
                .orElse(paused ? "paused" : shown.live().isEmpty() ? "connecting" : ""));
        lines.add(KEYS);
        return lines.stream().map(line -> cut(line, size.getColumns())).toList();
    }

    private static String cut(String line, int width) {
        return line.codePointCount(0, line.length()) <= width
                ? line
                : line.substring(0, line.offsetByCodePoints(0, width));
    }

    private void draw(List<String> lines, boolean all) {
        if (all) {
            terminal.puts(Capability.clear_screen);
        }
        terminal.puts(Capability.cursor_home);
        for (int i = 0; i < lines.size(); i++) {
            terminal.writer().print(paint.on(lines.get(i)));
            terminal.puts(Capability.clr_eol);
            if (i < lines.size() - 1) {
                terminal.writer().print("\r\n");
            }
        }
        terminal.flush();
    }

    private String sequence(Capability capability) {
        String known = terminal.getStringCapability(capability);
        return known == null ? "" : Curses.tputs(known);
    }

    private void leave() {
        if (left.compareAndSet(false, true)) {
            // Not by way of JLine, whose own hook closes the terminal at the same time when a signal ends the process.
            System.out.print(leaving);
            System.out.flush();
            try {
                terminal.setAttributes(before);
            } catch (RuntimeException | IOError e) {
                // It is closed already, and JLine has set them.
            }
        }
    }

    @Override
    public void close() throws IOException {
        readings.close();
        stop.forget();
        leave();
        terminal.close();
        try {
            Runtime.getRuntime().removeShutdownHook(restore);
        } catch (IllegalStateException e) {
            // The process ends already.
        }
    }
}
