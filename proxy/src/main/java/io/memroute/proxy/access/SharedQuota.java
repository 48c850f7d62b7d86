package io.memroute.proxy.access;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The use of one limit by all workers. Thread safe. */
final class SharedQuota {

    private final Optional<SharedBucket> requests;
    private final Optional<SharedBucket> bytes;
    /** The parts of the workers, each of which counts alone. */
    private final List<WorkerQuota> parts = new CopyOnWriteArrayList<>();

    SharedQuota(QuotaRule rule, long nowNanos) {
        requests = rule.bucket(QuotaKind.REQUESTS, nowNanos);
        bytes = rule.bucket(QuotaKind.BYTES, nowNanos);
    }

    Optional<SharedBucket> requests() {
        return requests;
    }

    Optional<SharedBucket> bytes() {
        return bytes;
    }

    /** Has the counts of a worker belong to it. */
    void add(WorkerQuota part) {
        parts.add(part);
    }

    /** Requests under way now, as far as the other workers have told. */
    long inFlight() {
        long sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            sum += parts.get(i).inFlight();
        }
        return sum;
    }

    /** Connections open now, as far as the other workers have told. */
    long connections() {
        long sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            sum += parts.get(i).connections();
        }
        return sum;
    }
}
