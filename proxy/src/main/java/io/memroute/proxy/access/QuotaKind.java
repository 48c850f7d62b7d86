package io.memroute.proxy.access;

import java.util.Locale;

/** The things that a quota limits. */
public enum QuotaKind {
    REQUESTS,
    BYTES,
    IN_FLIGHT,
    CONNECTIONS;

    /** Whether it is limited by the second. */
    boolean isRate() {
        return this == REQUESTS || this == BYTES;
    }

    /** The word in configurations and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
