package io.memroute.proxy.discovery;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** The pauses between questions to one source. For one thread. */
final class Pauses {

    /** After a failure the pauses grow from here: a source that is restarted answers again soon. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    /** No source is left alone for longer after failures unless it says so: the end of an outage is to be noticed. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Spreads the questions of replicas that were started together. */
    private static final double JITTER = 0.1;

    private final DoubleSupplier chance;
    private Duration next = FIRST;

    /** @param chance from 0 to 1 */
    Pauses(DoubleSupplier chance) {
        this.chance = chance;
    }

    /** After an answer: at most the time until it is worth asking again. */
    Duration afterAnswer(Duration worthwhile) {
        next = FIRST;
        return jittered(worthwhile);
    }

    /** After a failure: at least the time for which the source wants no questions. */
    Duration afterFailure(Duration unwanted) {
        Duration pause = next;
        Duration longer = next.multipliedBy(2);
        next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
        return unwanted.plus(jittered(pause));
    }

    private Duration jittered(Duration pause) {
        long nanos = pause.toNanos();
        return Duration.ofNanos(nanos - (long) (nanos * JITTER * chance.getAsDouble()));
    }
}
