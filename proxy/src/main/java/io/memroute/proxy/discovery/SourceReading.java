package io.memroute.proxy.discovery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A source at a moment.
 *
 * @param slots the slots in force
 * @param answeredAge the time since its last good answer; empty if there has been none in this process
 * @param failures questions without a good answer, since the source is watched
 * @param error why the last question had no good answer; empty if it had
 * @param heldBack what its last answer would change and does not, and why; empty if nothing is held back
 */
public record SourceReading(
        SourceAddress source,
        List<Slot> slots,
        Optional<Duration> answeredAge,
        long failures,
        Optional<String> error,
        Optional<String> heldBack) {}
