package io.memroute.app.service;

import io.memroute.app.process.UnixSocket;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that has started this process, and wants to know how it is: systemd with {@code Type=notify}, or
 * another that has the same protocol. Tells nobody anything where there is none. Thread safe.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</a>
 */
public final class ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG_MICROS = "WATCHDOG_USEC";
    private static final String WATCHDOG_PROCESS = "WATCHDOG_PID";

    private final Optional<String> socket;
    private final Optional<Duration> watchdog;
    /** The end of this process is not that of the service. */
    private volatile boolean replaced;

    private ServiceManager(Optional<String> socket, Optional<Duration> watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /** The one that the environment names. */
    public static ServiceManager ofEnvironment() {
        return of(System.getenv(), ProcessHandle.current().pid());
    }

    static ServiceManager of(Map<String, String> environment, long process) {
        Optional<String> socket = Optional.ofNullable(environment.get(SOCKET))
                .filter(name -> name.startsWith("/") || name.startsWith("@"))
                .filter(name -> UnixSocket.isAvailable());
        boolean forOther = !environment
                .getOrDefault(WATCHDOG_PROCESS, Long.toString(process))
                .equals(Long.toString(process));
        Optional<Duration> watchdog = Optional.ofNullable(environment.get(WATCHDOG_MICROS))
                .filter(micros -> !forOther && micros.matches("[1-9][0-9]{0,17}"))
                .map(micros -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(micros))));
        return new ServiceManager(socket, socket.flatMap(name -> watchdog));
    }

    /** Whether there is one. */
    public boolean isPresent() {
        return socket.isPresent();
    }

    /** The time within which it wants to hear {@link #alive()} again; empty if it does not. */
    public Optional<Duration> watchdog() {
        return watchdog;
    }

    /**
     * Tells that this process serves, from now on or again.
     *
     * @param status a line for the operator
     */
    public void ready(String status) {
        tell("READY=1", "MAINPID=" + ProcessHandle.current().pid(), "STATUS=" + status);
    }

    /** Tells that the configuration is being read again; {@link #ready} tells that it has been. */
    public void reloading() {
        // The JVM's clock is CLOCK_MONOTONIC.
        tell("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / 1000, "STATUS=reading the configuration");
    }

    /**
     * Tells that this process ends.
     *
     * @param most the time that it may take
     */
    public void stopping(Duration most) {
        tell("STOPPING=1", "EXTEND_TIMEOUT_USEC=" + most.toNanos() / 1000, "STATUS=ending");
    }

    /** Tells that another process has taken over from this one, which tells no more from then on. */
    public void replacedBy(long process) {
        tell("MAINPID=" + process);
        replaced = true;
    }

    /** Tells that this process works. */
    public void alive() {
        tell("WATCHDOG=1");
    }

    private void tell(String... lines) {
        if (socket.isEmpty() || replaced) {
            return;
        }
        try (UnixSocket datagrams = UnixSocket.open(UnixSocket.Kind.DATAGRAM)) {
            datagrams.connect(socket.get());
            datagrams.send(String.join("\n", lines), List.of());
        } catch (IOException e) {
            LOG.warn("cannot tell the service manager {}: {}", lines[0], SystemError.text(e));
        }
    }
}
