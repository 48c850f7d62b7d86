package io.memroute.proxy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the parts of the JDK that open files on their first use: they load a native library or open a device in a static
 * initialiser, and a class whose initialiser has failed cannot be used until the process ends. The first use must not
 * come when clients have used up all file descriptors, which is when operators ask for statistics.
 *
 * <p>It has a thread of its own, because none of this is needed to serve.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Open files that are neither clients nor servers: jars, the log, event loops, listeners, files being read. */
    private static final int OTHER_FILES = 64;

    private final ProxyServer server;

    private Rehearsal(ProxyServer server) {
        this.server = server;
    }

    static void begin(ProxyServer server) {
        Thread.ofPlatform().daemon().name("memroute-rehearsal").start(new Rehearsal(server)::run);
    }

    private void run() {
        askForStatistics();
        // The source of TLS keys.
        new SecureRandom().nextInt();
        warnOfTooFewFiles();
    }

    /** {@code ManagementFactory} loads two libraries. */
    private void askForStatistics() {
        ServerStats stats = new ServerStats(server);
        ByteBuf unused = Unpooled.buffer();
        for (String section : ServerStats.READ_ONLY_SECTIONS) {
            stats.write(section, unused.clear());
        }
    }

    private void warnOfTooFewFiles() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return;
        }
        long limit = system.getMaxFileDescriptorCount();
        long clients = server.options().maxConnections();
        long servers = server.workers().stream()
                .flatMap(worker -> worker.backends().all().stream())
                .mapToLong(backend -> backend.spec().connections())
                .sum();
        if (clients + servers + OTHER_FILES > limit) {
            LOG.warn(
                    "-c {}, {} server connections and {} other files exceed {} open files;"
                            + " raise LimitNOFILE or lower -c",
                    clients,
                    servers,
                    OTHER_FILES,
                    limit);
        }
    }
}
