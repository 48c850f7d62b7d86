package io.memroute.app.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.testkit.RawClient;
import java.net.SocketAddress;
import java.util.Map;
import java.util.TreeMap;

/** Reads pages of an admin listener. */
final class AdminPageReader {

    private final SocketAddress listener;

    AdminPageReader(SocketAddress listener) {
        this.listener = listener;
    }

    /** @param head the status line and the headers */
    record Answer(String head, String body) {
        int status() {
            return Integer.parseInt(head.split(" ")[1]);
        }
    }

    Answer get(String uri, String... headers) {
        try (RawClient client = RawClient.connect(listener)) {
            client.send("GET " + uri + " HTTP/1.1\r\nHost: localhost\r\n"
                    + String.join(
                            "",
                            java.util.Arrays.stream(headers)
                                    .map(header -> header + "\r\n")
                                    .toList())
                    + "\r\n");
            String answer = new String(client.readToEnd(), UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return new Answer(answer.substring(0, end), answer.substring(end + 4));
        }
    }

    /** The samples of a scrape: values by name and labels as they are written. */
    Map<String, Double> metrics() {
        Map<String, Double> samples = new TreeMap<>();
        get("/metrics").body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        });
        return samples;
    }
}
