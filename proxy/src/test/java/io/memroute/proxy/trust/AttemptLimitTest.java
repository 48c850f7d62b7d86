package io.memroute.proxy.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AttemptLimitTest {

    private final AttemptLimit limit = new AttemptLimit();

    private long failed(String address) throws UnknownHostException {
        return limit.failed(InetAddress.getByName(address), 100);
    }

    @Test
    void theFourthFailureFromAnAddressWaits() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(failed("192.0.2.1")).isZero();
        }
        assertThat(failed("192.0.2.1")).isEqualTo(100);
        assertThat(failed("192.0.2.1")).isEqualTo(200);
        assertThat(failed("192.0.2.2")).isZero();
    }

    @Test
    void aMachineCannotTakeANewAddressOfItsNetworkForEachAttempt() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(failed("2001:db8:1:2::" + i)).isZero();
        }
        assertThat(failed("2001:db8:1:2:ffff:1:2:3")).isEqualTo(100);
        assertThat(failed("2001:db8:1:3::1")).isZero();
    }
}
