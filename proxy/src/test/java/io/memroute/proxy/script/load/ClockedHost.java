package io.memroute.proxy.script.load;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.stats.ConfigurationCounters;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A server whose clock a test moves, and which only notes what a configuration asks of it. */
public final class ClockedHost implements ScriptHost {

    private record Task(long dueNanos, Runnable action, CompletableFuture<Void> future) {}

    final List<Settings> applied = new ArrayList<>();
    public int reloadsRequested;
    public String statsReply = "END\r\n";
    final LogStreams streams = new LogStreams();
    private final ConfigurationCounters counters = new ConfigurationCounters();
    private final List<Task> tasks = new ArrayList<>();
    private long nowNanos = 1_000_000_000_000L;

    /** Loads a program without putting it in force. */
    ScriptPlan load(String lua) throws ConfigException {
        return load(lua, LuaBounds.defaults());
    }

    ScriptPlan load(String lua, LuaBounds bounds) throws ConfigException {
        try {
            Path file = Files.createTempFile("memroute-test-", ".lua");
            try {
                Files.writeString(file, lua);
                return ScriptLoader.load(new ConfigSource(List.of(file.toString()), Optional.empty()), this, bounds);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a time pass, second by second, and runs what is due. */
    public void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nowNanos += Duration.ofSeconds(1).toNanos();
            for (Task task : List.copyOf(tasks)) {
                if (task.dueNanos <= nowNanos && tasks.remove(task) && !task.future.isCancelled()) {
                    task.action.run();
                }
            }
        }
    }

    /** What is still to be run. */
    long scheduled() {
        return tasks.stream().filter(task -> !task.future.isCancelled()).count();
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public Future<?> schedule(Runnable task, Duration delay) {
        Task added = new Task(nowNanos + delay.toNanos(), task, new CompletableFuture<>());
        tasks.add(added);
        return added.future;
    }

    @Override
    public void requestReload() {
        reloadsRequested++;
    }

    @Override
    public void apply(Settings settings) {
        applied.add(settings);
    }

    @Override
    public void writeStats(String section, ByteBuf out) {
        out.writeCharSequence(statsReply.replace("SECTION", section), StandardCharsets.US_ASCII);
    }

    @Override
    public LogStreams streams() {
        return streams;
    }

    @Override
    public ConfigurationCounters counters() {
        return counters;
    }
}
