package io.memroute.proxy.hash;

import java.util.Locale;
import java.util.Objects;

/** The way from a key to a place in a pool's list of backends: the pool options {@code dist} and {@code placement}. */
public sealed interface Distribution {

    /** {@link JumpHash}: even, no memory, depends on the order and number of servers only. The default. */
    record Jump() implements Distribution {}

    /**
     * {@link Ring}: depends on the servers' names, not on their order.
     *
     * @param pointsPerServer the pool option {@code obuckets}; in the MD5 modes a multiple of four
     */
    record RingOf(RingMode mode, int pointsPerServer) implements Distribution {

        /** The default of {@code obuckets}. */
        public static final int DEFAULT_POINTS_PER_SERVER = 160;

        /**
         * Bounds what a typing error can allocate: 16 384 points are a hundred times as many as balance a pool well.
         */
        public static final int MAX_POINTS_PER_SERVER = 16_384;

        /** @throws IllegalArgumentException if the number of points is out of range or does not fit the mode */
        public RingOf {
            Objects.requireNonNull(mode, "mode");
            if (pointsPerServer < 1 || pointsPerServer > MAX_POINTS_PER_SERVER) {
                throw new IllegalArgumentException(
                        "obuckets must be 1 to " + MAX_POINTS_PER_SERVER + ", not " + pointsPerServer);
            }
            if (mode.usesMd5() && pointsPerServer % RingMode.POINTS_PER_DIGEST != 0) {
                throw new IllegalArgumentException("obuckets must be a multiple of 4 with omode \""
                        + mode.name().toLowerCase(Locale.ROOT)
                        + "\" (each MD5 digest gives four points), not " + pointsPerServer);
            }
        }
    }

    /** A way that another proxy or a client has: the pool option {@code placement}. */
    record SchemeOf(Scheme scheme) implements Distribution {

        public SchemeOf {
            Objects.requireNonNull(scheme, "scheme");
        }
    }
}
