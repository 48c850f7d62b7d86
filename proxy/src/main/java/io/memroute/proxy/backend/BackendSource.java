package io.memroute.proxy.backend;

import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;

/** Where compiled routes get their pools from. Used by the thread that compiles them. */
public interface BackendSource {

    /**
     * Starts holding backends for one configuration.
     *
     * @param mergeGets whether neighbouring gets share a command line
     */
    Lease lease(boolean mergeGets);

    /** The backends that one configuration uses, held until {@link #release}. */
    interface Lease {

        /** The pool for a description; its backends that are not known so far are made. */
        Pool pool(PoolSpec spec, KeyDistributor distributor);

        /** Lets go of the backends that no other configuration uses. */
        void release();

        /** Does something that asks for several pools. A lease whose every answer has to be waited for waits once. */
        default void together(Runnable asking) {
            asking.run();
        }

        /** The same, letting go of something else as well. */
        default Lease with(Runnable alsoReleased) {
            Lease backends = this;
            return new Lease() {
                @Override
                public Pool pool(PoolSpec spec, KeyDistributor distributor) {
                    return backends.pool(spec, distributor);
                }

                @Override
                public void release() {
                    backends.release();
                    alsoReleased.run();
                }

                @Override
                public void together(Runnable asking) {
                    backends.together(asking);
                }
            };
        }
    }
}
