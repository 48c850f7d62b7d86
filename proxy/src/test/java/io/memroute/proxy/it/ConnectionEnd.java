package io.memroute.proxy.it;

import io.memroute.testkit.RawConnection;
import java.util.function.Consumer;

/** A way in which the other side of a connection ends it. */
enum ConnectionEnd {
    RESET(RawConnection::reset),
    CLOSE(RawConnection::close),
    HALF_CLOSE_THEN_RESET(connection -> {
        connection.halfClose();
        connection.reset();
    }),
    HALF_CLOSE_THEN_CLOSE(connection -> {
        connection.halfClose();
        connection.close();
    });

    private final Consumer<RawConnection> action;

    ConnectionEnd(Consumer<RawConnection> action) {
        this.action = action;
    }

    void of(RawConnection connection) {
        action.accept(connection);
    }
}
