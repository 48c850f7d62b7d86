package io.memroute.app.service;

import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The listening sockets that the service manager passes to this process: socket activation.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html">sd_listen_fds(3)</a>
 */
public final class ActivatedSockets {

    private static final int FIRST_DESCRIPTOR = 3;

    private static final String COUNT = "LISTEN_FDS";
    private static final String PROCESS = "LISTEN_PID";
    private static final String NAMES = "LISTEN_FDNAMES";

    /**
     * A socket of the service manager's.
     *
     * @param name its {@code FileDescriptorName}; by default the name of its unit
     */
    public record Activated(String name, GivenSocket socket) {}

    private ActivatedSockets() {}

    /**
     * The sockets that the environment tells of; none if they are for another process.
     *
     * @throws IOException if one of them cannot be used
     */
    public static List<Activated> ofEnvironment() throws IOException {
        return of(System.getenv(), ProcessHandle.current().pid());
    }

    static List<Activated> of(Map<String, String> environment, long process) throws IOException {
        String count = environment.getOrDefault(COUNT, "");
        if (!environment.getOrDefault(PROCESS, "").equals(Long.toString(process)) || !count.matches("[0-9]{1,4}")) {
            return List.of();
        }
        String[] names = environment.getOrDefault(NAMES, "").split(":", -1);
        List<Activated> sockets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            String name = i < names.length ? names[i] : "";
            try {
                // The file of a UNIX socket is the service manager's.
                sockets.add(new Activated(name, GivenSocket.of(FIRST_DESCRIPTOR + i, false)));
            } catch (IOException e) {
                throw new IOException("socket activation: " + name + ": " + SystemError.text(e), e);
            }
        }
        return sockets;
    }
}
