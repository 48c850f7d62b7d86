package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A server that may not open as many files as it would need. From its jar: classes that lie in files of their own need
 * more.
 */
class FileDescriptorsIT {

    private static final int LIMIT = 120;

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void leave() {
        clients.forEach(RawClient::close);
    }

    @Test
    void tellsItsStatisticsForTheFirstTimeWhenThereAreNoDescriptorsLeft() {
        try (ChildProcess server = start();
                RawClient operator = RawClient.connect(Packaged.port(server))) {
            operator.send("mn\r\n");
            operator.expect("MN\r\n");
            server.awaitOutput("-c 4000, ");
            // The kernel connects them, whether the server accepts them or not.
            for (int i = 0; i < LIMIT; i++) {
                clients.add(RawClient.connect(Packaged.port(server)));
            }
            server.awaitOutput("cannot accept clients on");
            for (String section : new String[] {"", " settings", " proxy", " conns", " items", ""}) {
                operator.send("stats" + section + "\r\n");
                try {
                    assertThat(Stream.generate(operator::readLine).takeWhile(line -> !line.equals("END")))
                            .allMatch(line -> line.startsWith("STAT "));
                } catch (AssertionError e) {
                    throw new AssertionError("stats" + section + ": " + server.output(), e);
                }
            }
        }
    }

    private static ChildProcess start() {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -n " + LIMIT + "; exec \"$@\"", "bash"));
        List<String> program = Packaged.command("-c", "4000", "-t", "1", "-p", "-1", "-l", "127.0.0.1");
        // As the start scripts have it; without it Netty loads more at the start.
        program.add(1, "--sun-misc-unsafe-memory-access=allow");
        command.addAll(program);
        return ChildProcess.start(command, Map.of());
    }
}
