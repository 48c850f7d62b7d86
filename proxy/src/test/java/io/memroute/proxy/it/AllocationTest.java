package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.Transport;
import io.memroute.testkit.ChildProcess;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In the steady state a worker allocates nothing for a request; what its thread allocates says so. */
class AllocationTest {

    /** What is left for timers, and for what happens now and then, per request. */
    private static final double MOST_BYTES_PER_REQUEST = 16;

    /**
     * What a transport itself allocates for a request that passes alone; those that come together share it, and how
     * many do depends on the load of the machine. The JDK's selector makes some objects for each socket that is ready.
     * Measured with one client that waits for each reply: 128 bytes.
     */
    private static final Map<Transport, Integer> BYTES_OF_TRANSPORT = Map.of(Transport.NIO, 136);

    /** A million requests one by one, on a machine that does much else. */
    private static final Duration PROBE_LIMIT = Duration.ofMinutes(2);

    /** How many kinds of request {@link AllocationProbe} tries. */
    private static final int KINDS = 5;

    private static final Pattern FIGURE = Pattern.compile("(?<request>.+): (?<bytes>[0-9.E-]+)");

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void pipelinedRequestsAllocateNextToNothing(Transport transport) {
        assertLittle(transport, 1, 32);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void norDoRequestsThatComeOneByOneFromManyClients(Transport transport) {
        assertLittle(transport, 50, 1);
    }

    private static void assertLittle(Transport transport, int clients, int outstanding) {
        double most = MOST_BYTES_PER_REQUEST + BYTES_OF_TRANSPORT.getOrDefault(transport, 0);
        List<String> figures = probe(transport, clients, outstanding, most);
        assertThat(figures).hasSize(KINDS).allSatisfy(line -> {
            var figure = FIGURE.matcher(line);
            assertThat(figure.matches()).as(line).isTrue();
            assertThat(Double.parseDouble(figure.group("bytes")))
                    .as("bytes allocated per \"%s\"", figure.group("request"))
                    .isLessThan(most);
        });
    }

    private static List<String> probe(Transport transport, int clients, int outstanding, double most) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        // Netty's leak detector records where one buffer in a hundred comes from, more than all else that is allocated;
        // memroute is started without it.
        command.add("-Dio.netty.leakDetection.level=disabled");
        // The second compiler removes allocations, sooner or later, as its luck is. What the code itself allocates is
        // the same at any time and under any load.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(
                List.of(AllocationProbe.class.getName(), transport.name(), "" + clients, "" + outstanding, "" + most));
        try (ChildProcess java = ChildProcess.start(command, Map.of())) {
            assertThat(java.awaitExit(PROBE_LIMIT))
                    .as("exit status, after: %s", java.output())
                    .isZero();
            return java.output().lines().toList();
        }
    }
}
