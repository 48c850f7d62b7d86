package io.memroute.app.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** memcached's signals: SIGINT, SIGTERM and SIGUSR1 stop, SIGHUP reloads. Handlers run on a thread of the JVM's own. */
public final class Signals {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final List<Thread> INSTALLING = new CopyOnWriteArrayList<>();
    private static final HeldSignal RELOAD = new HeldSignal();

    private Signals() {}

    /** Runs {@code stop} when the process is asked to end. */
    public static void onStop(Runnable stop) {
        for (String name : List.of("INT", "TERM", "USR1")) {
            handle(name, stop);
        }
    }

    /**
     * Keeps a request to read the configuration again until {@link #onReload} says what to do with it. Without a
     * handler the signal ends the process, so a server calls this before anything that takes time.
     */
    public static void holdReload() {
        install(new SystemSignal("HUP"), RELOAD::arrive);
    }

    /** Runs {@code reload} when the process is asked to read its configuration again, at once if it has been. */
    public static void onReload(Runnable reload) {
        handle("HUP", RELOAD::arrive);
        RELOAD.release(reload);
    }

    /** Returns when all handlers are there that this class was asked for; after that no signal of theirs is missed. */
    public static void awaitHandlers() throws InterruptedException {
        for (Thread installing : INSTALLING) {
            installing.join();
        }
        INSTALLING.clear();
    }

    private static void handle(String name, Runnable action) {
        SystemSignal signal = new SystemSignal(name);
        if (!isIgnored(signal)) {
            install(signal, action);
            return;
        }
        // Calling the C library for the first time takes a tenth of a second, which a start need not wait for.
        INSTALLING.add(
                Thread.ofPlatform().daemon().name("memroute-signal-" + name).start(() -> {
                    unignore(signal);
                    install(signal, action);
                }));
    }

    private static void install(SystemSignal signal, Runnable action) {
        try {
            signal.handle(action);
        } catch (IllegalArgumentException e) {
            // -Xrs, or a JVM that keeps this signal for itself: the default action stays, which ends the process.
        }
    }

    /**
     * The JVM leaves signals alone that were ignored when it started: SIGHUP under nohup and by our own scripts, SIGINT
     * in a script's background. Servers in C handle them nevertheless, and operators count on it.
     */
    private static void unignore(SystemSignal signal) {
        try {
            Posix.unignore(signal.number());
        } catch (IOException e) {
            // Then it stays ignored, as the one who started us asked.
        }
    }

    private static boolean isIgnored(SystemSignal signal) {
        try {
            return Files.exists(STATUS) && ignored(signal.number());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean ignored(int number) throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("SigIgn:")) {
                long mask = Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16);
                return (mask >>> (number - 1) & 1) != 0;
            }
        }
        return false;
    }
}
