package io.memroute.transport.kernel;

import java.io.IOException;
import java.io.Serial;

/** Reports that the kernel does not set up a ring. */
public final class RingSetupException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    private final int error;

    RingSetupException(int error) {
        super("io_uring_setup: " + Errno.text(error));
        this.error = error;
    }

    /** The kernel's error number. */
    public int error() {
        return error;
    }
}
