package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.transport.kernel.Errno;
import org.junit.jupiter.api.Test;

class UringTest {

    @Test
    void isAvailableUnlessItSaysWhyNot() {
        assertThat(Uring.isAvailable()).isEqualTo(Uring.unavailability().isEmpty());
    }

    @Test
    void saysThatASystemSettingSwitchesItOff() {
        assertThat(Uring.explain(Errno.EPERM, "2", "6.8.0"))
                .isEqualTo("it is switched off: sysctl kernel.io_uring_disabled is 2; expected 0");
    }

    @Test
    void saysThatAContainerForbidsIt() {
        assertThat(Uring.explain(Errno.EPERM, "0", "6.8.0")).contains("forbidden", "seccomp");
        assertThat(Uring.explain(Errno.ENOSYS, "", "6.8.0")).contains("6.8.0", "seccomp", "Linux 6.1 or later");
    }

    @Test
    void saysThatTheKernelIsTooOld() {
        assertThat(Uring.explain(Errno.EINVAL, "", "5.15.0"))
                .isEqualTo("the kernel (5.15.0) is too old; Linux 6.1 or later is needed");
    }
}
