package io.memroute.app;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.explain.AdminCommands;
import io.memroute.app.log.LogConfiguration;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.ServerArguments;
import io.memroute.app.options.UsageException;
import io.memroute.app.process.Background;
import io.memroute.app.process.PidFile;
import io.memroute.app.process.PortNumberFile;
import io.memroute.app.process.Privileges;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server from the command line to its end: background, user, listening, process id file, signals, stop. */
public final class ServerRun {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private ServerRun() {}

    /**
     * Serves until a signal or a client's {@code shutdown} ends it.
     *
     * @return the exit status
     * @throws UsageException if an option turns out to be impossible on this machine
     */
    public static int serve(ServerArguments arguments) throws UsageException {
        LogConfiguration.verbosity(arguments.verbosity());
        try {
            if (arguments.daemon() && !Background.inBackground()) {
                return Background.launch();
            }
            return serveHere(arguments);
        } catch (ConfigException e) {
            // One line per error, as a compiler prints them; a stack trace would say nothing about the configuration.
            System.err.println(e.getMessage());
            return ExitStatus.FAILURE;
        } catch (Privileges.NoSuchUserException e) {
            System.err.println(e.getMessage());
            return ExitStatus.NO_USER;
        } catch (IOException e) {
            System.err.println("memroute: " + e.getMessage());
            return ExitStatus.OS_ERROR;
        } catch (IllegalStateException e) {
            // A transport that this machine does not have.
            System.err.println("memroute: " + e.getMessage());
            return ExitStatus.USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILURE;
        }
    }

    private static int serveHere(ServerArguments arguments)
            throws UsageException, ConfigException, IOException, InterruptedException, Privileges.NoSuchUserException {
        if (arguments.daemon()) {
            Background.detach();
        }
        if (arguments.user().isPresent()) {
            Privileges.drop(arguments.user().get());
        }
        arguments.warnings().forEach(LOG::warn);
        ServerSignals signals = new ServerSignals();
        ServerOptions options = arguments.serverOptions();
        warnIfTheHeapIsTooSmall(options.storeBytes());
        Optional<PidFile> pidFile = arguments.pidFile().map(PidFile::new);

        AdminListener admin = null;
        try (ProxyServer server = ProxyServer.start(options)) {
            signals.serve(server);
            if (arguments.admin().isPresent()) {
                admin = AdminListener.start(arguments.admin().get(), new AdminCommands(server)::answer);
                LOG.info("admin listener on {}", admin.address());
            }
            if (pidFile.isPresent()) {
                write(pidFile.get());
            }
            if (PortNumberFile.wanted().isPresent()) {
                PortNumberFile.write(PortNumberFile.wanted().get(), server.addresses());
            }
            if (arguments.daemon()) {
                Background.ready(arguments.verbosity() > 0);
            }
            server.awaitClose();
        } finally {
            if (admin != null) {
                admin.close();
            }
            pidFile.ifPresent(PidFile::remove);
        }
        return ExitStatus.OK;
    }

    /** The embedded store lives in the heap, and a full heap ends in errors where a full store only evicts. */
    private static void warnIfTheHeapIsTooSmall(long storeBytes) {
        long heapBytes = Runtime.getRuntime().maxMemory();
        if (storeBytes > heapBytes / 5 * 4) {
            LOG.warn("-m {}: the Java heap is limited to {} MB; raise it with -Xmx (MEMROUTE_JAVA_OPTS) to a quarter more than -m",
                    storeBytes >> 20, heapBytes >> 20);
        }
    }

    /** As memcached, a file that cannot be written is reported and does not stop the server. */
    private static void write(PidFile file) {
        file.runningProcess().ifPresent(pid ->
                LOG.warn("WARNING: The pid file contained the following (running) pid: {}", pid));
        try {
            file.write();
        } catch (IOException e) {
            LOG.warn("Could not write the pid file: {}", e.toString());
        }
    }
}
