package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.proxy.metrics.BackendNumbers;
import java.util.ArrayList;
import java.util.List;

/** Servers that requests cannot be sent to. Those that are down by configuration are meant to be. */
final class ServerDownRule implements Rule {

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.SERVER_DOWN;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        for (Live.Backend backend : evidence.live().backends()) {
            if (fails(backend)) {
                findings.add(finding(evidence, backend));
            }
        }
        return findings;
    }

    /** A server that has never been asked has no connection either, and nothing has failed. */
    private static boolean fails(Live.Backend backend) {
        return backend.state() == BackendNumbers.State.BAD
                || backend.state() == BackendNumbers.State.CONNECTING && backend.failures() > 0;
    }

    private Finding finding(Evidence evidence, Live.Backend backend) {
        BackendNumbers.LastFailure last = backend.lastFailure();
        Live.Connections connections = backend.connections();
        boolean partly = connections.ready() > 0;
        String problem = "server " + Evidence.name(backend) + of(backend)
                + (backend.state() == BackendNumbers.State.CONNECTING
                        ? " cannot be reached: it has no connection"
                        : (partly ? " is partly bad: " : " is bad: ") + connections.bad() + " of "
                                + (connections.bad() + connections.ready() + connections.connecting())
                                + " connections are marked bad")
                + (last == null ? "" : "; the last failure was at " + last.time() + ": " + last.meaning());
        String advice = "See whether memcached runs there and answers from this machine; its requests fail at once"
                + " until a connection succeeds. /api/events has what happened before.";
        boolean all = backend.pools().stream()
                .anyMatch(pool -> evidence.backends(pool).stream()
                        .allMatch(one -> fails(one) && one.connections().ready() == 0
                                || one.state() == BackendNumbers.State.DOWN));
        return all
                ? critical(evidence, backend.label(), problem + "; no server of its pool is up", advice, backend.rate())
                : warning(evidence, backend.label(), problem, advice, backend.rate());
    }

    private static String of(Live.Backend backend) {
        return backend.pools().isEmpty() ? "" : " of pool " + String.join(", ", backend.pools());
    }
}
