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

    /** What is left for loop iterations, timers and the transport itself, per request. */
    private static final double MOST_BYTES_PER_REQUEST = 16;

    /**
     * Six operations of some fifty bytes: to wait, to receive and to send, on the client's side and on the backend's.
     */
    private static final double MOST_BYTES_PER_IO_URING_REQUEST = MOST_BYTES_PER_REQUEST + 6 * 56;

    /** A million requests one by one, on a machine that does much else. */
    private static final Duration PROBE_LIMIT = Duration.ofMinutes(2);

    /** How many kinds of request {@link AllocationProbe} tries. */
    private static final int KINDS = 5;

    private static final Pattern FIGURE = Pattern.compile("(?<request>.+): (?<bytes>[0-9.E-]+)");

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    /** Without NIO, whose selector, the JDK's, allocates some fifty bytes for each socket that is ready. */
    static List<Transport> pollingTransports() {
        return Transport.allAvailable().stream()
                .filter(transport ->
                        transport == Transport.URING || transport == Transport.EPOLL || transport == Transport.KQUEUE)
                .toList();
    }

    static List<Transport> ioUring() {
        return Transport.allAvailable().stream()
                .filter(transport -> transport == Transport.IO_URING)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void pipelinedRequestsAllocateNextToNothing(Transport transport) {
        assertLittle(
                transport,
                1,
                32,
                transport == Transport.IO_URING ? MOST_BYTES_PER_IO_URING_REQUEST : MOST_BYTES_PER_REQUEST);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pollingTransports")
    void norDoRequestsThatComeOneByOneFromManyClients(Transport transport) {
        assertLittle(transport, 50, 1, MOST_BYTES_PER_REQUEST);
    }

    /**
     * Netty makes an object for each operation it submits to io_uring. Mostly the compiler removes it, and then it is a
     * few bytes here too; but that is for the compiler to decide, in each run anew.
     */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("ioUring")
    void onIoUringOneByOneOnlyTheTransportItselfAllocates(Transport transport) {
        assertLittle(transport, 50, 1, MOST_BYTES_PER_IO_URING_REQUEST);
    }

    private static void assertLittle(Transport transport, int clients, int outstanding, double most) {
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
