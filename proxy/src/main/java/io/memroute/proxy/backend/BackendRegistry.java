package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One worker's backends, so that a backend whose description is the same after a reload keeps its connections. Owned
 * by the worker's thread.
 *
 * @see "proxy-api.md section 3.2"
 */
public final class BackendRegistry {

    /** Pools with different prefixes have connections of their own; so have merged and unmerged gets. */
    private record Identity(String prefix, BackendSpec spec, boolean mergeGets) {}

    private final WorkerResources worker;
    private final Map<Identity, Backend> backends = new HashMap<>();
    /** What other threads see. */
    private volatile List<Backend> published = List.of();

    public BackendRegistry(WorkerResources worker) {
        this.worker = worker;
    }

    /**
     * The backends that one configuration uses, held until {@link #release}.
     *
     * @see BackendRegistry#lease
     */
    public final class Lease {
        private final List<Identity> held = new ArrayList<>();
        private final boolean mergeGets;

        private Lease(boolean mergeGets) {
            this.mergeGets = mergeGets;
        }

        /** The worker's pool for a description; connects to backends not known so far. */
        public Pool pool(PoolSpec spec, KeyDistributor distributor) {
            List<BackendSpec> specs = spec.backends();
            Backend[] members = new Backend[specs.size()];
            for (int i = 0; i < members.length; i++) {
                members[i] = backend(new Identity(spec.options().backendPrefix(), specs.get(i), mergeGets));
            }
            return new Pool(spec.name(), distributor, members);
        }

        private Backend backend(Identity identity) {
            Backend backend = backends.get(identity);
            if (backend == null) {
                backend = new Backend(identity.spec, identity.mergeGets, worker);
                backends.put(identity, backend);
                publish();
                backend.open();
            }
            backend.addUser();
            held.add(identity);
            return backend;
        }

        /** Closes the backends that no other configuration uses. */
        public void release() {
            for (Identity identity : held) {
                Backend backend = backends.get(identity);
                if (backend.removeUser()) {
                    backends.remove(identity);
                    publish();
                    backend.close();
                }
            }
            held.clear();
        }
    }

    /**
     * Starts holding backends for a configuration.
     *
     * @param mergeGets whether neighbouring gets share a command line
     */
    public Lease lease(boolean mergeGets) {
        return new Lease(mergeGets);
    }

    /** Every backend in use, in no order; any thread. */
    public List<Backend> all() {
        return published;
    }

    private void publish() {
        published = List.copyOf(backends.values());
    }

    /** Closes every connection; what is outstanding fails. */
    public void close() {
        List<Backend> open = new ArrayList<>(backends.values());
        backends.clear();
        publish();
        open.forEach(Backend::close);
    }
}
