package io.memroute.proxy.script.load;

import io.memroute.proxy.config.Settings;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.stats.ConfigurationCounters;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** The server, as a configuration state sees it. Called on the configuration thread. */
public interface ScriptHost {

    /** The clock of {@link #schedule}. */
    long nanoTime();

    /** Has the configuration thread run something later. */
    Future<?> schedule(Runnable task, Duration delay);

    /** Asks for a reload, which begins when the configuration thread is free. */
    void requestReload();

    /** Has other limits hold from now on, until the next configuration. */
    void apply(Settings settings);

    /** Writes the reply to {@code stats SECTION}; to {@code stats} if the section is empty. */
    void writeStats(String section, ByteBuf out);

    /** The watchers of the configuration's log lines. */
    LogStreams streams();

    ConfigurationCounters counters();

    /** No server: nothing runs later, there are no statistics and no watchers. */
    ScriptHost NONE = new ScriptHost() {
        private final LogStreams streams = new LogStreams();
        private final ConfigurationCounters counters = new ConfigurationCounters();

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Future<?> schedule(Runnable task, Duration delay) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void requestReload() {}

        @Override
        public void apply(Settings settings) {}

        @Override
        public void writeStats(String section, ByteBuf out) {}

        @Override
        public LogStreams streams() {
            return streams;
        }

        @Override
        public ConfigurationCounters counters() {
            return counters;
        }
    };
}
