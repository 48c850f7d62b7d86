package io.memroute.app;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.process.Signals;
import io.memroute.proxy.ProxyServer;

/**
 * What signals do to a server, from the first moment of its start on: SIGTERM and its like end the process while nothing serves
 * yet, then close the server, and either way the exit status is 0; SIGHUP reloads, once there is something to reload. Thread safe.
 */
final class ServerSignals {

    private ProxyServer server;
    private boolean stopping;

    /** Begins to listen for signals. */
    ServerSignals() {
        Signals.onStop(this::stop);
        Signals.onReload(this::reload);
    }

    /** From now on signals are for this server. */
    void serve(ProxyServer running) {
        synchronized (this) {
            server = running;
            if (!stopping) {
                return;
            }
        }
        running.close();
    }

    private void stop() {
        ProxyServer running;
        synchronized (this) {
            stopping = true;
            running = server;
        }
        if (running == null) {
            // It may be reading a configuration that never ends. Nothing has been promised to anybody yet.
            System.exit(ExitStatus.OK);
        } else {
            running.close();
        }
    }

    private synchronized void reload() {
        // A start reads the configuration anyway.
        if (server != null) {
            server.reload();
        }
    }
}
