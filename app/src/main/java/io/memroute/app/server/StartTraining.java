package io.memroute.app.server;

import io.memroute.lua.command.LuaCommand;
import io.memroute.proxy.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The work that runs while the JVM records an ahead-of-time cache (JEP 483, 514, 515): an ordinary start on a small
 * configuration, a {@link TrainingLoad}, and an ordinary end; before it a small program in Lua, for {@code memroute
 * lua}. It ends by itself within seconds.
 */
public final class StartTraining {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private StartTraining() {}

    /** @throws IllegalStateException if the server it starts does not behave */
    public static void run() throws IOException, ConfigException, InterruptedException {
        runLuaProgram();
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

    private static void runLuaProgram() throws IOException {
        try (InputStream program = StartTraining.class.getResourceAsStream("training.lua")) {
            String text = new String(program.readAllBytes(), StandardCharsets.UTF_8);
            int status = LuaCommand.run(new String[] {"-e", text});
            if (status != 0) {
                throw new IllegalStateException("training.lua ended with status " + status);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
