package io.memroute.proxy.backend;

import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;

/** Gives compiled routes their pools. Used by the thread that compiles them. */
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

        /**
         * Runs an action that asks for several pools. A lease that has to wait for its answers waits once for all of
         * them.
         */
        default void together(Runnable asking) {
            asking.run();
        }

        /** Returns the same lease, which also lets go of something else. */
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
