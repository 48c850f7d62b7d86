package io.memroute.app.server;

import io.memroute.proxy.discovery.PolledFile;
import io.memroute.proxy.repeat.Repeated;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a server reload when its files change ({@code --watch}): when their content is another, and has stayed so for a
 * moment, so that several files may be written one after the other. A file that is missing for a while is no change.
 * For one thread at a time.
 */
final class FileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Bounds one file: far more than any configuration or certificate has. */
    private static final int MOST_BYTES = 64 << 20;

    private final Map<Path, PolledFile> files = new HashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("memroute-watch", true));
    private boolean changed;

    /** Begins to watch, and tells of what changes from now on. */
    void start(Supplier<Set<Path>> watched, Runnable reload) {
        thread.scheduleWithFixedDelay(
                new Repeated("--watch", () -> look(watched.get(), reload)),
                PolledFile.PAUSE.toMillis(),
                PolledFile.PAUSE.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Notes the content of files, which is no change yet. */
    void note(Set<Path> watched) {
        look(watched, () -> {});
    }

    void look(Set<Path> watched, Runnable reload) {
        boolean before = changed;
        boolean now = false;
        for (Path file : watched) {
            try {
                boolean known = files.containsKey(file);
                boolean differs = files.computeIfAbsent(file, path -> new PolledFile(path, MOST_BYTES))
                        .hasChanged();
                if (known && differs) {
                    LOG.info("{} has changed (--watch)", file);
                    now = true;
                }
            } catch (IOException e) {
                // It is being replaced, or is gone: what was read last stays in force.
                LOG.debug("{} cannot be read (--watch)", file, e);
            }
        }
        changed = now;
        if (before && !now) {
            reload.run();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
