package io.memroute.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of clients are exact for the listeners of each tag. */
class ClientMetricsTest {

    @TempDir
    private Path directory;

    private static String of(String name, String tag) {
        return "memroute_listener_" + name + "{listener=\"" + tag + "\"}";
    }

    @Test
    void eachTagCountsItsOwnClients() throws Exception {
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                pools{ none = { backends = { "127.0.0.1:1 _down_" } } }
                routes{ tag = "red", map = { bad = route_direct{ child = "none" } }, default = route_null{} }
                routes{ tag = "blue", default = route_null{} }
                """);
        try (MonitoredProxy proxy = MonitoredProxy.start(
                        file,
                        1,
                        options -> options.listener(
                                        ListenerSpec.tcp("127.0.0.1", 0).tagged("red"))
                                .listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("blue"))
                                .maxConnections(3));
                RawClient red = RawClient.connect(proxy.server().addresses().get(0));
                RawClient idle = RawClient.connect(proxy.server().addresses().get(0));
                RawClient blue = RawClient.connect(proxy.server().addresses().get(1))) {
            AdminPageReader pages = proxy.pages();
            String toRed = "get a b c\r\nset a 0 0 1\r\nx\r\nwhat\r\nget bad/1\r\nmn\r\n";
            red.send(toRed);
            int fromRed = red.readUntil("MN\r\n").length();
            String toBlue = "get a\r\nmn\r\n";
            blue.send(toBlue);
            int fromBlue = blue.readUntil("MN\r\n").length();
            idle.send("mn\r\n");
            idle.expect("MN\r\n");
            try (RawClient refused =
                    RawClient.connect(proxy.server().addresses().get(1))) {
                refused.readToEnd();
            }
            Deadline.await(
                    "the refused client to be counted",
                    () -> pages.metrics().get(of("connections_rejected_total", "blue")) == 1);

            Map<String, Double> samples = pages.metrics();
            assertThat(samples)
                    .containsEntry(of("connections", "red"), 2.0)
                    .containsEntry(of("connections", "blue"), 1.0)
                    .containsEntry(of("connections_accepted_total", "red"), 2.0)
                    .containsEntry(of("connections_rejected_total", "red"), 0.0)
                    // Three keys, a set, a word that is no command, a key without a server, and two mn.
                    .containsEntry(of("requests_total", "red"), 8.0)
                    .containsEntry(of("requests_total", "blue"), 2.0)
                    .containsEntry(of("errors_total", "red"), 2.0)
                    .containsEntry(of("errors_total", "blue"), 0.0)
                    .containsEntry(of("received_bytes_total", "red"), (double) toRed.length() + "mn\r\n".length())
                    .containsEntry(of("received_bytes_total", "blue"), (double) toBlue.length())
                    .containsEntry(of("sent_bytes_total", "red"), (double) fromRed + "MN\r\n".length());
            // The refused client may have been told so.
            assertThat(samples.get(of("sent_bytes_total", "blue"))).isGreaterThanOrEqualTo(fromBlue);
        }
    }
}
