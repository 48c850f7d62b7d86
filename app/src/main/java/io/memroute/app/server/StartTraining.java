package io.memroute.app.server;

import io.memroute.proxy.config.ConfigException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The work that runs while the JVM records an ahead-of-time cache (JEP 483, 514, 515): an ordinary start on a small
 * configuration, a {@link TrainingLoad}, and an ordinary end. It ends by itself within seconds.
 */
public final class StartTraining {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private StartTraining() {}

    /** @throws IllegalStateException if the server it starts does not behave */
    public static void run() throws IOException, ConfigException, InterruptedException {
        try (TrainingLoad load = TrainingLoad.open()) {
            int port = freePort();
            CompletableFuture<Integer> server = CompletableFuture.supplyAsync(() ->
                    ServerCommand.run(List.of(load.configuration().toString(), "-A", "-l", "127.0.0.1:" + port), true));
            TrainingLoad.run(port, LONGEST, true);
            if (server.get() != 0) {
                throw new IllegalStateException("the server ended with status " + server.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the server ended with " + e.getCause(), e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
