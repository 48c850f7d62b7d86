package io.memroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransportTest {

    @Test
    void choosesEpollWhereItIs() {
        if (Transport.EPOLL.available()) {
            assertThat(Transport.AUTO.resolve()).isEqualTo(Transport.EPOLL);
        }
    }

    @Test
    void listsEveryTransportOfThisMachineForTests() {
        assertThat(Transport.allAvailable())
                .doesNotContain(Transport.AUTO)
                .contains(Transport.NIO)
                .allMatch(Transport::available);
    }
}
