package io.memroute.app.process;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file that the environment variable {@code MEMCACHED_PORT_FILENAME} names: memcached writes the ports it listens
 * on there, for test harnesses that start it with {@code -p -1}. The format is memcached's: {@code TCP INET: 11211}.
 */
public final class PortNumberFile {

    private static final String VARIABLE = "MEMCACHED_PORT_FILENAME";

    private static final String PORTS = "(TCP INET6?: [0-9]{1,5}\\s*)+";

    private final Announcement file;

    PortNumberFile(Path path) {
        file = new Announcement(path, "port file", text -> text.matches(PORTS));
    }

    /** The file that is wanted, if one is. */
    public static Optional<PortNumberFile> wanted() {
        return Optional.ofNullable(System.getenv(VARIABLE))
                .filter(name -> !name.isEmpty())
                .map(name -> new PortNumberFile(Path.of(name)));
    }

    /** @throws IOException if the file cannot be written */
    public void prepare() throws IOException {
        file.prepare();
    }

    /** Writes the TCP ports among these addresses; a reader finds all of them or no file. */
    public void write(List<SocketAddress> addresses) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (SocketAddress address : addresses) {
            if (address instanceof InetSocketAddress tcp) {
                // All addresses are listened on through one socket here, where memcached has one for each family.
                if (tcp.getAddress().isAnyLocalAddress() || !(tcp.getAddress() instanceof Inet6Address)) {
                    lines.append("TCP INET: ").append(tcp.getPort()).append('\n');
                }
                if (tcp.getAddress().isAnyLocalAddress() || tcp.getAddress() instanceof Inet6Address) {
                    lines.append("TCP INET6: ").append(tcp.getPort()).append('\n');
                }
            }
        }
        file.publish(lines.toString());
    }
}
