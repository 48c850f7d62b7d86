package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;

/** Puts servers of a test in the place of those that programs in the documentation name. */
final class StandInServers {

    private StandInServers() {}

    /** The program with these ports in place of the servers 10.0.0.1, 10.0.0.2 and so on. */
    static String in(String lua, int... ports) {
        String program = lua;
        for (int i = 0; i < ports.length; i++) {
            String host = "\"10.0.0." + (i + 1) + "\"";
            program = program.replace(host + ", 11211", "\"127.0.0.1\", " + ports[i])
                    .replace(host + ", port = 11211", "\"127.0.0.1\", port = " + ports[i]);
        }
        assertThat(program).as("all servers are stood in for").doesNotContain("10.0.0.");
        return program;
    }

    /** Sends a request to such a server itself and compares what it answers. */
    static void expect(MemcachedServer server, String request, String reply) {
        try (RawClient client = server.connect()) {
            client.send(request);
            client.expect(reply);
        }
    }
}
