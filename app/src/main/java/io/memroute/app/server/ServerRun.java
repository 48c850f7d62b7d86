package io.memroute.app.server;

import io.memroute.app.admin.AdminGuard;
import io.memroute.app.admin.AdminListener;
import io.memroute.app.admin.AdminPages;
import io.memroute.app.explain.Colours;
import io.memroute.app.log.LogConfiguration;
import io.memroute.app.log.OutOfMemoryExit;
import io.memroute.app.log.Terminal;
import io.memroute.app.monitor.HealthPages;
import io.memroute.app.monitor.MetricsPage;
import io.memroute.app.options.AdminFiles;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.ServerArguments;
import io.memroute.app.options.UsageException;
import io.memroute.app.process.Background;
import io.memroute.app.process.PidFile;
import io.memroute.app.process.PortNumberFile;
import io.memroute.app.process.Privileges;
import io.memroute.app.service.ActivatedSockets;
import io.memroute.app.service.ServiceManager;
import io.memroute.app.service.Watchdog;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.ThreadEndedException;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.proxy.text.SystemError;
import io.memroute.proxy.tls.TlsFileException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server from the command line to its end: background, user, listening, process id file, signals, stop. */
final class ServerRun {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private ServerRun() {}

    /**
     * Serves until a signal or a client's {@code shutdown} ends it.
     *
     * @param signals which have been listened for since the process began
     * @return the exit status
     * @throws UsageException if an option turns out to be impossible on this machine
     */
    static int serve(ServerArguments arguments, ServerSignals signals) throws UsageException {
        LogConfiguration.verbosity(arguments.verbosity());
        OutOfMemoryExit.install();
        try {
            if (arguments.daemon() && !Background.inBackground()) {
                if (!ActivatedSockets.ofEnvironment().isEmpty()) {
                    throw new UsageException(
                            ExitStatus.USAGE,
                            "-d: sockets of the service manager are for this process; start without -d");
                }
                signals.launch();
                return Background.launch();
            }
            return serveHere(arguments, signals);
        } catch (ConfigException e) {
            // As a compiler prints them; a stack trace would say nothing about the configuration.
            Terminal.error(e.quoted() + "\n", Colours.FINDINGS);
            return ExitStatus.FAILURE;
        } catch (Privileges.NoSuchUserException e) {
            Terminal.error(e.getMessage() + "\n");
            return ExitStatus.NO_USER;
        } catch (TlsFileException e) {
            Terminal.error("memroute: " + e.getMessage() + "\n");
            return ExitStatus.USAGE;
        } catch (IOException e) {
            Terminal.error("memroute: " + e.getMessage() + "\n");
            return ExitStatus.OS_ERROR;
        } catch (ThreadEndedException e) {
            System.err.println("memroute: " + e.getMessage());
            return ExitStatus.SOFTWARE;
        } catch (IllegalStateException e) {
            // A transport that this machine does not have.
            Terminal.error("memroute: " + e.getMessage() + "\n");
            return ExitStatus.USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILURE;
        }
    }

    private static int serveHere(ServerArguments arguments, ServerSignals signals)
            throws UsageException, ConfigException, IOException, InterruptedException, Privileges.NoSuchUserException {
        if (arguments.daemon()) {
            Background.detach();
        }
        if (arguments.user().isPresent()) {
            Privileges.drop(arguments.user().get());
        }
        arguments.warnings().forEach(LOG::warn);
        if (arguments.takeOver().isEmpty()) {
            List<ActivatedSockets.Activated> activated = ActivatedSockets.ofEnvironment();
            ServerOptions options = arguments.serverOptions(
                    activated.stream().map(ActivatedSockets.Activated::socket).toList());
            checkActivated(activated, options);
            return serve(arguments, options, signals, Optional.empty());
        }
        try (Predecessor predecessor = Predecessor.ask(arguments.takeOver().get())) {
            List<GivenSocket> sockets = predecessor.sockets().stream()
                    .filter(socket -> !isAdmin(socket, arguments))
                    .toList();
            return serve(arguments, arguments.serverOptions(sockets), signals, Optional.of(predecessor));
        }
    }

    private static boolean isAdmin(GivenSocket socket, ServerArguments arguments) {
        return arguments.admin().isPresent() && socket.serves(arguments.admin().get());
    }

    private static int serve(
            ServerArguments arguments, ServerOptions options, ServerSignals signals, Optional<Predecessor> predecessor)
            throws UsageException, ConfigException, IOException, InterruptedException {
        checkHeap(options);
        Optional<PidFile> pidFile = arguments.pidFile().map(PidFile::new);
        Optional<PortNumberFile> portFile = PortNumberFile.wanted();

        ServiceManager manager = signals.manager();
        AtomicReference<AdminPages> pages = new AtomicReference<>(AdminPages.starting(MetricsPage.whileStarting()));
        Optional<AdminListener> admin = Optional.empty();
        Optional<AdminSite> site = Optional.empty();
        Optional<Watchdog> watchdog = Optional.empty();
        try {
            // What is bound to fail fails before anything is connected.
            if (pidFile.isPresent()) {
                prepare(pidFile.get(), predecessor);
            }
            if (portFile.isPresent()) {
                portFile.get().prepare();
            }
            AdminGuard guard = AdminGuard.open(arguments.adminFiles());
            if (arguments.admin().isPresent()) {
                admin = Optional.of(admin(arguments, arguments.admin().get(), guard, pages::get, predecessor));
            }
            FileWatch watch = new FileWatch();
            watch.note(with(arguments.adminFiles(), options.files()));
            try (watch;
                    ProxyServer server = start(options, predecessor)) {
                if (admin.isPresent()) {
                    site = Optional.of(AdminSite.open(server));
                    pages.set(site.get().pages());
                    admin.get().every(LoopWatch.INTERVAL, server.loopWatch()::probe);
                }
                if (predecessor.isPresent()) {
                    predecessor.get().pause();
                    server.prepareAccepting();
                }
                HandOver handOver = new HandOver(server, admin, manager, pidFile, predecessor);
                Reloads reloads = signals.serve(server, Optional.of(handOver));
                reloads.include(guard::reload);
                admin.ifPresent(listener -> LOG.info("admin listener on {}", SystemError.readable(listener.address())));
                if (pidFile.isPresent()) {
                    write(pidFile.get()::write, predecessor.isPresent());
                }
                if (portFile.isPresent()) {
                    write(() -> portFile.get().write(server.addresses()), predecessor.isPresent());
                }
                if (predecessor.isPresent()) {
                    replace(predecessor.get(), server, admin);
                }
                if (arguments.daemon()) {
                    Background.ready(arguments.verbosity() > 0);
                }
                if (arguments.watch()) {
                    watch.start(() -> with(arguments.adminFiles(), server.files()), reloads::begin);
                }
                watchdog = Watchdog.start(manager, server.loopWatch(), HealthPages.WORKER_LIMIT);
                manager.ready("serving on "
                        + server.addresses().stream().map(SystemError::readable).collect(Collectors.joining(", ")));
                server.awaitClose();
                signals.stopping();
                signals.finish();
            }
        } finally {
            admin.ifPresent(AdminListener::close);
            site.ifPresent(AdminSite::close);
            pidFile.ifPresent(PidFile::remove);
            watchdog.ifPresent(Watchdog::close);
        }
        return ExitStatus.OK;
    }

    private static Set<Path> with(AdminFiles admin, Set<Path> server) {
        Set<Path> all = new LinkedHashSet<>(server);
        all.addAll(admin.files());
        return all;
    }

    private static AdminListener admin(
            ServerArguments arguments,
            SocketAddress at,
            AdminGuard guard,
            Supplier<AdminPages> pages,
            Optional<Predecessor> predecessor)
            throws IOException {
        Optional<GivenSocket> socket = predecessor.flatMap(other -> other.sockets().stream()
                .filter(each -> isAdmin(each, arguments))
                .findFirst());
        return socket.isPresent()
                ? AdminListener.adopt(at, socket.get(), guard, pages)
                : AdminListener.start(at, guard, pages);
    }

    /** A server that takes another's place is warm when it is started, and accepts nobody yet. */
    private static ProxyServer start(ServerOptions options, Optional<Predecessor> predecessor)
            throws ConfigException, IOException, InterruptedException {
        if (predecessor.isEmpty()) {
            return ProxyServer.start(options);
        }
        WarmUp.compile(options.transport());
        ProxyServer server = ProxyServer.prepare(options);
        WarmUp.awaitConnections(server);
        return server;
    }

    /**
     * Takes the other server's place. Until that has left, whatever goes wrong here has it go on, with all that is its
     * own. From then on nothing but this process serves, and nothing small may end it. Commands and signals reach it by
     * then.
     */
    private static void replace(Predecessor predecessor, ProxyServer server, Optional<AdminListener> admin)
            throws IOException {
        if (server.isEnding()) {
            throw new IOException("--take-over: this process has been asked to end");
        }
        predecessor.leave();
        server.accept();
        admin.ifPresent(AdminListener::startAccepting);
        predecessor.followedBy(server);
        owned(server::own);
        if (admin.isPresent()) {
            owned(admin.get()::own);
        }
        LOG.info("took over from process {}", predecessor.process());
        server.announce();
    }

    private static void owned(FileAction own) {
        try {
            own.run();
        } catch (IOException e) {
            LOG.warn(
                    "the file of a UNIX socket is missing, so clients cannot reach that listener: {}",
                    SystemError.text(e));
        }
    }

    /**
     * Writes a file that tells of this process.
     *
     * @param upgrades whether it is part of an upgrade, which does not fail for want of the file
     */
    private static void write(FileAction write, boolean upgrades) throws IOException {
        if (upgrades) {
            tryToWrite(write);
        } else {
            write.run();
        }
    }

    /** Writes a file that tells of this process; if that fails, the log says so. */
    static void tryToWrite(FileAction write) {
        try {
            write.run();
        } catch (IOException e) {
            LOG.warn("cannot write a file about this process: {}", SystemError.text(e));
        }
    }

    /** Something to do with a file. */
    @FunctionalInterface
    interface FileAction {

        void run() throws IOException;
    }

    /** @throws UsageException if the service manager listens on an address that the command line does not name */
    private static void checkActivated(List<ActivatedSockets.Activated> activated, ServerOptions options)
            throws UsageException {
        for (ActivatedSockets.Activated each : activated) {
            if (options.listeners().stream().noneMatch(spec -> each.socket().serves(spec.address()))) {
                throw new UsageException(
                        ExitStatus.USAGE,
                        "socket activation: " + each.name() + " listens on "
                                + SystemError.readable(each.socket().address())
                                + ", which no -p, -l or -s names");
            }
        }
    }

    /**
     * The embedded store lives in the heap, and a full heap ends the process where a full store only evicts.
     *
     * @throws UsageException if the store can't fit; with a configuration, which may not use the store at all, that is
     *     a warning
     */
    private static void checkHeap(ServerOptions options) throws UsageException {
        long heapBytes = Runtime.getRuntime().maxMemory();
        long storeBytes = options.storeBytes();
        if (storeBytes <= heapBytes / 5 * 4) {
            return;
        }
        String message = ("-m %d: the embedded store needs a larger Java heap than %d MB;"
                        + " set MEMROUTE_JAVA_OPTS=-Xmx%dm, or lower -m")
                .formatted(storeBytes >> 20, heapBytes >> 20, heapFor(storeBytes));
        if (storeBytes > heapBytes && options.configuration().isEmpty()) {
            throw new UsageException(ExitStatus.FAILURE, "memroute: " + message);
        }
        LOG.warn(message);
    }

    /**
     * Returns the heap that a store needs, as the start scripts reckon: a quarter more, and half a gigabyte for
     * everything else. In megabytes.
     */
    private static long heapFor(long storeBytes) {
        return (storeBytes >> 20) * 5 / 4 + 512;
    }

    private static void prepare(PidFile file, Optional<Predecessor> predecessor) throws IOException {
        file.prepare();
        file.runningProcess()
                .filter(pid -> predecessor.isEmpty() || predecessor.get().process() != pid)
                .ifPresent(pid -> LOG.warn("WARNING: The pid file contained the following (running) pid: {}", pid));
    }
}
