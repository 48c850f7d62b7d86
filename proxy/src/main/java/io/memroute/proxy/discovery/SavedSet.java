package io.memroute.proxy.discovery;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The slots that were in force in an earlier run.
 *
 * @param missingFor for how long servers had left, by label, until now
 * @param answerAge the time since the answer that they are made of, or one like it
 * @param age the time since they were in force
 */
record SavedSet(List<Slot> slots, Map<String, Duration> missingFor, Duration answerAge, Duration age) {

    SavedSet {
        slots = List.copyOf(slots);
        missingFor = Map.copyOf(missingFor);
    }

    /** The same, without the slots of servers that left so long ago. */
    SavedSet without(Duration grace) {
        List<Slot> kept = slots.stream()
                .filter(slot -> !slot.down()
                        || missingFor.getOrDefault(slot.server().label(), grace).compareTo(grace) < 0)
                .toList();
        return new SavedSet(kept, missingFor, answerAge, age);
    }
}
