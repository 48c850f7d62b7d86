package io.memroute.app.server;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.process.ReloadBoard;
import io.memroute.app.process.Signals;
import io.memroute.app.service.ServiceManager;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ReloadOutcome;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The effects of signals on a server, from the first moment of its start on. SIGTERM and its like end the process while
 * nothing serves yet; then they have the server answer what is under way and close, and at the second time close at
 * once. The exit status is 0 either way. SIGHUP reloads, once there is something to reload. How reloads go stands on a
 * {@link ReloadBoard}. Thread safe.
 */
public final class ServerSignals {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** More than the end takes beyond what the options allow: the last connections, the threads. */
    private static final Duration END = Duration.ofSeconds(20);

    private final ServiceManager manager = ServiceManager.ofEnvironment();
    private ProxyServer server;
    private int statusBeforeServing = ExitStatus.OK;
    private boolean stopping;
    private Optional<ReloadBoard> board = Optional.empty();
    private ReloadBoard.State reloads = ReloadBoard.State.FIRST;

    /** Begins to listen for signals. */
    public ServerSignals() {
        Signals.onStop(this::stop);
        Signals.onReload(this::reload);
    }

    /** From now on signals are for this server. */
    public void serve(ProxyServer running) throws InterruptedException {
        Signals.awaitHandlers();
        synchronized (this) {
            server = running;
            board = ReloadBoard.putUp();
            tell(reloads);
            if (!stopping) {
                if (reloads.asked() > 0) {
                    // The start may have read the files before they were as they are now.
                    reload(reloads.asked());
                }
                return;
            }
        }
        running.close();
    }

    /** The service manager, which is told of reloads and of the end. */
    ServiceManager manager() {
        return manager;
    }

    /** Tells the service manager that the server ends. */
    void stopping() {
        ProxyServer ending;
        synchronized (this) {
            ending = server;
        }
        ServerOptions options = ending.options();
        manager.stopping(options.drainDelay().plus(options.drainTimeout()).plus(END));
    }

    /** This process only waits for another one to serve: if it is stopped, nobody can tell how that went. */
    synchronized void launch() {
        statusBeforeServing = ExitStatus.FAILURE;
    }

    private void stop() {
        ProxyServer running;
        int status;
        synchronized (this) {
            stopping = true;
            running = server;
            status = statusBeforeServing;
        }
        if (running == null) {
            // It may be reading a configuration that never ends. Nothing has been promised to anybody yet.
            System.exit(status);
        } else {
            stopping();
            running.shutDown();
        }
    }

    private synchronized void reload() {
        tell(new ReloadBoard.State(reloads.asked() + 1, reloads.finished(), reloads.succeeded(), reloads.errors()));
        if (server == null) {
            LOG.info("SIGHUP during startup: the configuration will be reloaded when it is in force");
        } else {
            reload(reloads.asked());
        }
    }

    private void reload(long number) {
        manager.reloading();
        server.reload().whenComplete((outcome, failure) -> finished(number, outcome, failure));
    }

    private synchronized void finished(long number, ReloadOutcome outcome, Throwable failure) {
        String errors = failure != null
                ? String.valueOf(failure.getCause() == null ? failure : failure.getCause())
                : outcome.failure().map(ConfigException::quoted).orElse("");
        // Several may have been asked for before one of them began, and end together, in any order.
        long last = Math.max(number, reloads.finished());
        boolean succeeded = failure == null && outcome.succeeded();
        tell(new ReloadBoard.State(reloads.asked(), last, succeeded, errors));
        manager.ready(
                succeeded
                        ? "the configuration was reloaded"
                        : "a reload failed; the previous configuration stays in force");
    }

    private void tell(ReloadBoard.State state) {
        reloads = state;
        if (board.isPresent()) {
            try {
                board.get().write(state);
            } catch (IOException e) {
                LOG.warn("cannot report reloads to memroute reload: {}", e.getMessage());
                board = Optional.empty();
            }
        }
    }
}
