package io.memroute.proxy.access;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A limit on what clients may use, all of them together.
 *
 * @param who the clients it is about, each known by one of these names
 * @param each whether each identity among them has the limit for itself
 * @param keys prefixes of the keys it is about; none for all requests
 * @param requests in a second; each key of a multi-key get counts
 * @param bytes of requests and replies in a second
 * @param inFlight requests that are not answered yet
 * @param connections open at one time
 * @param burstSeconds the time for which requests and bytes that were not used may be used at once
 * @param missAbove whether a get above the limit is answered with a miss, and not refused
 * @param where its place in the files
 */
public record QuotaRule(
        List<IdentityName> who,
        boolean each,
        List<String> keys,
        OptionalLong requests,
        OptionalLong bytes,
        OptionalLong inFlight,
        OptionalLong connections,
        double burstSeconds,
        boolean missAbove,
        RulePlace where) {

    public QuotaRule {
        who = List.copyOf(who);
        keys = List.copyOf(keys);
        Objects.requireNonNull(where, "where");
        if (burstSeconds <= 0) {
            throw new IllegalArgumentException("a burst of " + burstSeconds + " seconds (more than 0)");
        }
    }

    /** The limit of a kind; none if the rule has no such limit. */
    OptionalLong limit(QuotaKind kind) {
        return switch (kind) {
            case REQUESTS -> requests;
            case BYTES -> bytes;
            case IN_FLIGHT -> inFlight;
            case CONNECTIONS -> connections;
        };
    }

    /**
     * Whether the limits of another rule always bind first, so that none of this one's ever does: the other is about
     * all that this one is about, and lets pass no more.
     */
    public boolean isWithin(QuotaRule other) {
        return (other.who.contains(IdentityName.ANYONE) || other.who.containsAll(who))
                && (each || !other.each)
                && (other.keys.isEmpty()
                        || !keys.isEmpty()
                                && keys.stream()
                                        .allMatch(key -> other.keys.stream().anyMatch(key::startsWith)))
                && Arrays.stream(QuotaKind.values()).allMatch(kind -> isWithin(other, kind));
    }

    private boolean isWithin(QuotaRule other, QuotaKind kind) {
        OptionalLong own = limit(kind);
        OptionalLong others = other.limit(kind);
        return own.isEmpty()
                || others.isPresent()
                        && others.getAsLong() <= own.getAsLong()
                        && (!kind.isRate()
                                || others.getAsLong() * other.burstSeconds <= own.getAsLong() * burstSeconds);
    }

    /** Whether it has a limit on something in a second, so that a burst means something. */
    public boolean limitsRate() {
        return Arrays.stream(QuotaKind.values())
                .anyMatch(kind -> kind.isRate() && limit(kind).isPresent());
    }

    /** The same limit at another place: its use goes on when lines of a file have moved. */
    QuotaRule anywhere() {
        return new QuotaRule(
                who,
                each,
                keys,
                requests,
                bytes,
                inFlight,
                connections,
                burstSeconds,
                missAbove,
                new RulePlace("", 0, 0));
    }

    /** The part of the limit that a bucket of tokens keeps. */
    Optional<SharedBucket> bucket(QuotaKind kind, long nowNanos) {
        OptionalLong perSecond = limit(kind);
        return perSecond.isPresent()
                ? Optional.of(new SharedBucket(perSecond.getAsLong(), burstSeconds, nowNanos))
                : Optional.empty();
    }
}
