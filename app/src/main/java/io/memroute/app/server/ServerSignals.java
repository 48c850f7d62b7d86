package io.memroute.app.server;

import io.memroute.app.control.ControlSocket;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.process.Signals;
import io.memroute.app.service.ServiceManager;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The effects of signals on a server, from the first moment of its start on. SIGTERM and its like end the process while
 * nothing serves yet; then they have the server answer what is under way and close, and at the second time close at
 * once. The exit status is 0 either way. SIGHUP reloads, once there is something to reload. Thread safe.
 */
public final class ServerSignals {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** More than the end takes beyond what the options allow: the last connections, the threads. */
    private static final Duration END = Duration.ofSeconds(20);

    private final ServiceManager manager = ServiceManager.ofEnvironment();
    private @Nullable ProxyServer server;
    private @Nullable Reloads reloads;
    private int statusBeforeServing = ExitStatus.OK;
    private boolean stopping;
    private boolean reloadWaits;
    private Optional<ControlSocket> control = Optional.empty();

    /** Begins to listen for signals. */
    public ServerSignals() {
        Signals.onStop(this::stop);
        Signals.onReload(this::reload);
    }

    /** Directs signals, and commands on the control socket, to this server from now on. */
    public Reloads serve(ProxyServer running) throws InterruptedException {
        return serve(running, Optional.empty());
    }

    /** As {@link #serve(ProxyServer)}, for a server that another process can take the place of. */
    Reloads serve(ProxyServer running, Optional<HandOver> handOver) throws InterruptedException {
        Signals.awaitHandlers();
        Reloads its = new Reloads(running, manager);
        synchronized (this) {
            server = running;
            reloads = its;
            if (!stopping) {
                if (reloadWaits) {
                    // The start may have read the files before they were as they are now.
                    its.begin();
                }
                control(its, handOver);
                return its;
            }
        }
        running.close();
        return its;
    }

    /** A server works without it: signals are there. */
    private void control(Reloads reloads, Optional<HandOver> handOver) {
        try {
            control = ControlSocket.open((words, peer) -> {
                String command = words.getFirst();
                if (command.equals("reload")) {
                    return reloads.run();
                }
                if (command.equals("upgrade") && handOver.isPresent()) {
                    return handOver.get().upgrade(peer);
                }
                if (command.equals(Predecessor.TAKE) && handOver.isPresent()) {
                    return handOver.get().take(peer);
                }
                return new ControlSocket.Answer(ExitStatus.USAGE, "this server does not know that command\n");
            });
        } catch (IOException e) {
            LOG.warn("memroute reload and upgrade cannot reach this process: {}", SystemError.text(e));
        }
    }

    /** Waits a moment for commands under way to be answered: the process is about to end. */
    void finish() throws InterruptedException {
        Optional<ControlSocket> socket;
        synchronized (this) {
            socket = control;
        }
        if (socket.isPresent()) {
            socket.get().finish();
        }
    }

    /** The service manager, which is told of reloads and of the end. */
    ServiceManager manager() {
        return manager;
    }

    /** Tells the service manager that the server ends. */
    void stopping() {
        ProxyServer ending;
        synchronized (this) {
            ending = Objects.requireNonNull(server, "a server");
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
        if (reloads == null) {
            reloadWaits = true;
            LOG.info("SIGHUP during startup; reloading as soon as the configuration is in force");
        } else {
            reloads.begin();
        }
    }
}
