package io.memroute.proxy.discovery;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The set of one source that an earlier run has left, and what is kept for the next one. Not thread safe. */
final class SourceMemory {

    private final SourceAddress address;
    private final SavedSets saved;
    private final LongSupplier clock;
    private final Optional<SavedSet> earlier;
    private final long beganNanos;
    private @Nullable Long answeredNanos;

    /** @param clock nanoseconds */
    SourceMemory(SourceAddress address, SavedSets saved, LongSupplier clock) {
        this.address = address;
        this.saved = saved;
        this.clock = clock;
        this.earlier = saved.read(address);
        this.beganNanos = clock.getAsLong();
    }

    /** The set of an earlier run. */
    Optional<SavedSet> earlier() {
        return earlier;
    }

    /** There is a good answer now. */
    void answered() {
        answeredNanos = clock.getAsLong();
    }

    /** The time since the last good answer; empty if there has been none in this run. */
    Optional<Duration> answeredAge() {
        return Optional.ofNullable(answeredNanos).map(at -> Duration.ofNanos(clock.getAsLong() - at));
    }

    /** The time since the last good answer, of an earlier run if there has been none in this. */
    Duration answerAge() {
        return answeredAge()
                .orElseGet(() -> earlier.map(SavedSet::answerAge)
                        .orElse(Duration.ZERO)
                        .plusNanos(clock.getAsLong() - beganNanos));
    }

    /** Keeps the slots in force. */
    void save(Membership membership) {
        if (membership.slots().isEmpty()) {
            return;
        }
        saved.write(
                address,
                new SavedSet(membership.slots(), membership.missingFor(clock.getAsLong()), answerAge(), Duration.ZERO));
    }
}
