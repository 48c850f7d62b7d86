package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.Transport;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that has no file descriptor left waits for one without work, and then accepts who waited. */
class ManyOpenFilesTest {

    /** More than a JVM and a proxy need, and less than the clients. */
    private static final int OPEN_FILES = 150;

    private static final int CLIENTS = 200;

    private static final Pattern PORT = Pattern.compile("port (\\d+)\\.");

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void acceptsThoseWhoWaitedAsSoonAsThereAreDescriptors(Transport transport) {
        List<RawClient> clients = new ArrayList<>();
        try (ChildProcess proxy = ChildProcess.start(command(transport), Map.of())) {
            proxy.awaitOutput(".");
            Deadline.await("the port", () -> PORT.matcher(proxy.output()).find());
            var found = PORT.matcher(proxy.output());
            assertThat(found.find()).isTrue();
            int port = Integer.parseInt(found.group(1));
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RawClient.connect(port));
                if (i == 0) {
                    // The classes that serve are loaded from files.
                    clients.getFirst().send("mn\r\n");
                    clients.getFirst().expect("MN\r\n");
                }
            }
            Deadline.await(
                    "the proxy to say that it accepts nobody",
                    Deadline.USUAL,
                    () -> proxy.output().contains("cannot accept clients on"),
                    proxy::output);
            clients.getFirst().send("mn\r\n");
            clients.getFirst().expect("MN\r\n");

            Duration before = processorTime(proxy);
            RawClient waiting = clients.getLast();
            waiting.send("mn\r\n");
            assertThat(waiting.receivesWithin(Duration.ofSeconds(1)))
                    .as("an answer without a connection")
                    .isFalse();
            assertThat(processorTime(proxy).minus(before))
                    .as("processor time of 1 s")
                    .isLessThan(Duration.ofMillis(500));
            assertThat(proxy.output().lines().filter(line -> line.contains("cannot accept clients on")))
                    .as("a line for each pause, of which a file that the JVM closes may make one more: "
                            + proxy.output())
                    .hasSizeBetween(1, 4);

            // However many descriptors the JVM itself needs, the rest is enough for those who stay.
            clients.subList(0, CLIENTS - 10).forEach(RawClient::close);
            waiting.expect("MN\r\n");
            assertThat(proxy.output()).contains("accepting clients again");
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    private static Duration processorTime(ChildProcess process) {
        return ProcessHandle.of(process.pid())
                .orElseThrow()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO);
    }

    private static List<String> command(Transport transport) {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(java::add);
        java.add("-cp");
        java.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        java.add(AcceptProbe.class.getName());
        java.add(transport.name());
        String quoted = java.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return List.of("sh", "-c", "ulimit -n " + OPEN_FILES + " && exec " + quoted);
    }
}
