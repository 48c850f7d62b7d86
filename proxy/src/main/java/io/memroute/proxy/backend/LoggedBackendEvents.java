package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what happens to backends to the log, a line each. */
public final class LoggedBackendEvents implements BackendEvents {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.backend");

    @Override
    public void connectionFailed(BackendSpec backend, BackendFailure failure, Throwable cause, int callsFailed) {
        LOG.warn("backend {} ({}): no connection ({}): {}{}; {} requests failed",
                backend.label(), backend.address(), failure.word(), failure.meaning(),
                cause == null ? "" : ", " + cause.getMessage(), callsFailed);
    }

    @Override
    public void markedBad(BackendSpec backend, boolean flapping, long retrySeconds) {
        LOG.warn("backend {} ({}): marked bad{}; requests to it fail at once, next attempt in {} s",
                backend.label(), backend.address(), flapping ? " because its connections do not last" : "", retrySeconds);
    }

    @Override
    public void recovered(BackendSpec backend) {
        LOG.info("backend {} ({}): answers again", backend.label(), backend.address());
    }
}
