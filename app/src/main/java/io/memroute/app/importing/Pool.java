package io.memroute.app.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pool to write.
 *
 * @param options how a key picks a server
 * @param backendOptions what its servers have in common
 * @param line where the source has it
 */
record Pool(
        String name, Map<String, Object> options, Map<String, Object> backendOptions, List<Server> servers, int line) {

    /**
     * A server to write.
     *
     * @param name what is hashed for it, if that is not its host and port
     * @param down whether it only keeps its place
     * @param line where the source has it
     */
    record Server(String host, int port, double weight, Optional<String> name, boolean down, boolean tls, int line) {

        /** The highest port of TCP. */
        private static final int LAST_PORT = 0xffff;

        Server {
            requirePort(line, host, port);
        }

        /** @throws ImportException if there is no such port */
        static void requirePort(int line, String host, int port) {
            if (port < 1 || port > LAST_PORT) {
                throw new ImportException(line, host + ": there is no port " + port);
            }
        }

        /** The same without what matters only beside others. */
        private Server alone() {
            return new Server(host, port, 1, Optional.empty(), down, tls, line);
        }

        private Object lua() {
            Map<String, Object> table = new LinkedHashMap<>();
            table.put("host", host);
            table.put("port", port);
            if (weight != 1) {
                table.put("weight", weight);
            }
            name.ifPresent(text -> table.put("name", text));
            if (down) {
                table.put("down", true);
            }
            if (tls) {
                table.put("tls", true);
            }
            return table.size() > 2 ? table : (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** Its table, without its name. */
    Map<String, Object> lua() {
        Map<String, Object> table = new LinkedHashMap<>();
        // One server takes all keys, and to choose among one is an option without effect.
        if (servers.size() > 1 && !options.isEmpty()) {
            table.put("options", options);
        }
        if (!backendOptions.isEmpty()) {
            table.put("backend_options", backendOptions);
        }
        List<Object> backends = new ArrayList<>();
        for (Server server : servers) {
            backends.add((servers.size() > 1 ? server : server.alone()).lua());
        }
        table.put("backends", backends);
        return table;
    }
}
