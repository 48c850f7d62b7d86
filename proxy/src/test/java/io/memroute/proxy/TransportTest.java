package io.memroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

class TransportTest {

    @Test
    void choosesItsOwnWhereItWorksAndElseEpoll() {
        assumeThat(System.getProperty("memroute.transport")).isNull();
        assumeThat(Transport.EPOLL.available()).isTrue();
        assertThat(Transport.AUTO.resolve())
                .isEqualTo(Transport.IO_URING.available() ? Transport.IO_URING : Transport.EPOLL);
    }

    @Test
    void listsEveryTransportOfThisMachineForTests() {
        assertThat(Transport.allAvailable())
                .doesNotContain(Transport.AUTO)
                .contains(Transport.NIO)
                .allMatch(Transport::available);
    }
}
