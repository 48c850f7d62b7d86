package io.memroute.proxy.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes stable slots of one source's answers. Has no clock and no thread: the time is passed in, in nanoseconds of any
 * clock, and its owner sees to it that one thread at a time uses it.
 *
 * <p>Keys must not move because a source hesitates. So slots are in the order of names, not of answers. A server that
 * an answer lacks keeps its slot, down, for the grace time. A change is offered when it has stood for a moment. An
 * answer with too few servers is held back until it has stood for long, or an operator confirms it. An empty answer is
 * no answer, and failures change nothing.
 *
 * <p>A change is <em>offered</em>, then <em>accepted</em> when a configuration with it is in force, or
 * <em>refused</em>; one that was refused is not offered again before the answers change or the operator confirms.
 */
final class Membership {

    private DiscoveryRules rules;
    /** The slots in force. */
    private List<Slot> slots = List.of();
    /** The slots of an earlier run, until there are some of this one. */
    private List<Slot> earlier = List.of();
    /** The end of the earlier run, when those that were up were last seen. */
    private long earlierSeenNanos;

    /** The last answer, by label; empty before the first one. */
    private Map<String, FoundServer> answer = Map.of();

    private long answerChangedNanos;
    /** The time since when a server is missing whose slot is kept, by label. */
    private final Map<String, Long> missingSince = new HashMap<>();
    /** The changes that an operator has let pass: an answer with fewer servers, keys that move. */
    private Set<String> confirmed = Set.of();

    private Optional<List<Slot>> refused = Optional.empty();

    Membership(DiscoveryRules rules) {
        this.rules = rules;
    }

    void rules(DiscoveryRules changed) {
        rules = changed;
    }

    /**
     * Goes on from an earlier run, before the first answer: servers that left shortly before its end, or since, keep
     * their slots, and an answer that has far fewer is held back. Long after it, this changes nothing.
     */
    void resume(SavedSet saved, long nowNanos) {
        answerChangedNanos = nowNanos;
        if (saved.age().compareTo(rules.grace()) < 0 || saved.age().compareTo(rules.confirmAfter()) < 0) {
            earlier = saved.slots();
            earlierSeenNanos = nowNanos - saved.age().toNanos();
            saved.missingFor().forEach((label, time) -> missingSince.put(label, nowNanos - time.toNanos()));
        }
    }

    /** The times for which servers are missing whose slots are kept, by label. */
    Map<String, Duration> missingFor(long nowNanos) {
        Map<String, Duration> times = new HashMap<>();
        missingSince.forEach((label, since) -> times.put(label, Duration.ofNanos(nowNanos - since)));
        return times;
    }

    /** The slots that changes are compared with. */
    List<Slot> before() {
        return slots.isEmpty() ? earlier : slots;
    }

    /** The slots in force; empty before there is an answer or a set that was kept. */
    List<Slot> slots() {
        return slots;
    }

    /**
     * Takes an answer.
     *
     * @throws SourceException if it has no servers; nothing changes then
     */
    void answered(List<FoundServer> servers, long nowNanos) throws SourceException {
        if (servers.isEmpty()) {
            throw new SourceException("it names no servers");
        }
        Map<String, FoundServer> now = new TreeMap<>();
        // The least of several, so that it is the same one whatever the order of the answer.
        servers.forEach(server ->
                now.merge(server.label(), server, (a, b) -> a.host().compareTo(b.host()) <= 0 ? a : b));
        if (!now.equals(answer)) {
            answer = now;
            answerChangedNanos = nowNanos;
        }
        missingSince.keySet().removeAll(answer.keySet());
        long lastSeenNanos = slots.isEmpty() ? earlierSeenNanos : nowNanos;
        before().stream()
                .map(slot -> slot.server().label())
                .filter(label -> !answer.containsKey(label))
                .forEach(label -> missingSince.putIfAbsent(label, lastSeenNanos));
    }

    /** Lets pass what is held back, unless an answer changes it again. */
    void confirm() {
        confirmed = Set.copyOf(answer.keySet());
        refused = Optional.empty();
    }

    /** Whether an operator has let pass the present answer. */
    private boolean isConfirmed() {
        return confirmed.equals(answer.keySet());
    }

    /** The slots that should be in force now and are not; empty if all is as it should be, or must wait. */
    Optional<List<Slot>> offer(long nowNanos) {
        if (present().isEmpty()) {
            return Optional.empty();
        }
        List<Slot> wanted = wanted(nowNanos);
        boolean waits =
                !isConfirmed() && nowNanos - answerChangedNanos < standing().toNanos();
        return wanted.equals(slots) || waits || refused.filter(wanted::equals).isPresent()
                ? Optional.empty()
                : Optional.of(wanted);
    }

    /** The time from now until {@link #offer} may have something without a new answer; empty if never. */
    OptionalLong nextOfferNanos(long nowNanos) {
        if (present().isEmpty()) {
            return OptionalLong.empty();
        }
        long least = Long.MAX_VALUE;
        for (long since : missingSince.values()) {
            least = Math.min(least, since + rules.grace().toNanos() - nowNanos);
        }
        if (!wanted(nowNanos).equals(slots)) {
            long left = answerChangedNanos + standing().toNanos() - nowNanos;
            least = Math.min(least, left > 0 ? left : Long.MAX_VALUE);
        }
        return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(0, least));
    }

    /** Whether an answer is held back because it has too few servers. */
    boolean isHeldBack(long nowNanos) {
        return !answer.isEmpty()
                && isTooFew()
                && !isConfirmed()
                && nowNanos - answerChangedNanos < rules.confirmAfter().toNanos();
    }

    private boolean isTooFew() {
        long up = before().stream().filter(slot -> !slot.down()).count();
        return present().size() < rules.minShare() * up;
    }

    /** The time for which an answer like the present one must stand before it is applied. */
    private Duration standing() {
        return isTooFew() ? rules.confirmAfter() : slots.isEmpty() ? Duration.ZERO : rules.debounce();
    }

    /** The servers of the last answer, by label; before the first one those of the slots in force. */
    private Map<String, FoundServer> present() {
        return answer.isEmpty()
                ? slots.stream()
                        .filter(slot -> !slot.down())
                        .map(Slot::server)
                        .collect(Collectors.toMap(FoundServer::label, server -> server))
                : answer;
    }

    int answerSize() {
        return answer.size();
    }

    private List<Slot> wanted(long nowNanos) {
        List<Slot> wanted = new ArrayList<>();
        Map<String, FoundServer> present = present();
        present.values().forEach(server -> wanted.add(Slot.up(server)));
        for (Slot slot : before()) {
            String label = slot.server().label();
            Long since = missingSince.get(label);
            if (!present.containsKey(label)
                    && nowNanos - (since == null ? nowNanos : since)
                            < rules.grace().toNanos()) {
                wanted.add(new Slot(slot.server(), true));
            }
        }
        wanted.sort((a, b) -> a.server().compareTo(b.server()));
        return List.copyOf(wanted);
    }

    /** The slots are in force now. */
    void accepted(List<Slot> offered) {
        slots = List.copyOf(offered);
        refused = Optional.empty();
        Set<String> labels =
                slots.stream().map(slot -> slot.server().label()).collect(Collectors.toCollection(HashSet::new));
        missingSince.keySet().retainAll(labels);
    }

    /** The slots are not to be in force as the answers are. */
    void refused(List<Slot> offered) {
        refused = Optional.of(offered);
    }
}
