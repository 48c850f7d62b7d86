package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.measure.KeySamples;
import io.memroute.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One worker's backends, so that a backend whose description is the same after a reload keeps its connections. Owned by
 * the worker's thread.
 *
 * @see "docs/reference/proxy-api.md section 3.2"
 */
public final class BackendRegistry implements BackendSource {

    /** Pools with different prefixes have connections of their own; so have merged and unmerged gets. */
    private record Identity(String prefix, BackendSpec spec, boolean mergeGets) {}

    private final BackendContext context;
    private final WorkerContext worker;
    private final Map<Identity, ConnectedBackend> backends = new HashMap<>();
    /** Counters by the label of the backends, as long as there is one with it. */
    private final Map<String, BackendCounters> counters = new HashMap<>();
    /** The backends as other threads see them. */
    private volatile List<ConnectedBackend> published = List.of();

    private boolean closed;

    public BackendRegistry(BackendContext context, WorkerContext worker) {
        this.context = context;
        this.worker = worker;
    }

    /**
     * One worker's connections to one backend at a moment, as another thread sees them.
     *
     * @param ready connections that answer
     * @param connecting connections that are being made
     * @param bad connections that are marked bad
     * @param queued requests not answered yet
     */
    public record Reading(
            BackendSpec spec, BackendCounters counters, int ready, int connecting, int bad, long queued) {}

    private final class Held implements Lease {
        private final List<Identity> held = new ArrayList<>();
        private final boolean mergeGets;

        private Held(boolean mergeGets) {
            this.mergeGets = mergeGets;
        }

        /** Connects to backends not known so far. */
        @Override
        public Pool pool(PoolSpec spec, KeyDistributor distributor) {
            List<BackendSpec> specs = spec.backends();
            Backend[] members = new Backend[specs.size()];
            for (int i = 0; i < members.length; i++) {
                members[i] = backend(new Identity(spec.options().backendPrefix(), specs.get(i), mergeGets));
            }
            return new Pool(spec.name(), distributor, members, new KeySamples(worker, spec.name()));
        }

        private Backend backend(Identity identity) {
            ConnectedBackend backend = backends.get(identity);
            if (backend == null) {
                backend = new ConnectedBackend(
                        identity.spec,
                        counters.computeIfAbsent(identity.spec.label(), label -> new BackendCounters()),
                        identity.mergeGets,
                        context,
                        worker);
                backends.put(identity, backend);
                publish();
                backend.open();
            }
            backend.addUser();
            held.add(identity);
            return backend;
        }

        /** Closes the backends that no other configuration uses. */
        @Override
        public void release() {
            if (closed) {
                return;
            }
            for (Identity identity : held) {
                ConnectedBackend backend = Objects.requireNonNull(backends.get(identity), "held");
                if (backend.removeUser()) {
                    backends.remove(identity);
                    forgetCounters(identity.spec.label());
                    publish();
                    backend.close();
                }
            }
            held.clear();
        }
    }

    private void forgetCounters(String label) {
        if (backends.keySet().stream().noneMatch(other -> other.spec.label().equals(label))) {
            counters.remove(label);
        }
    }

    @Override
    public Lease lease(boolean mergeGets) {
        return new Held(mergeGets);
    }

    /** Every backend in use, in no order; any thread. */
    public List<? extends Backend> all() {
        return published;
    }

    /** The connections to every backend in use, in no order; any thread. */
    public List<Reading> readings() {
        return published.stream().map(ConnectedBackend::reading).toList();
    }

    /** Starts times and what was most at one time over. The worker's thread. */
    public void resetTimes() {
        counters.values().forEach(BackendCounters::reset);
    }

    private void publish() {
        published = List.copyOf(backends.values());
    }

    /** Closes every connection; what is outstanding fails, and with it the last users of configurations let go. */
    public void close() {
        closed = true;
        List<ConnectedBackend> open = new ArrayList<>(backends.values());
        backends.clear();
        publish();
        open.forEach(ConnectedBackend::close);
    }
}
