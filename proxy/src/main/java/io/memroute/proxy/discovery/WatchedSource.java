package io.memroute.proxy.discovery;

import io.memroute.proxy.repeat.Repeated;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One source that is asked again and again, on a thread of its own, and the slots that its answers make. Thread safe.
 */
final class WatchedSource implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private final SourceAddress address;
    private final Source source;
    private final SourceMemory memory;
    private final LongSupplier clock;
    private final Runnable changed;
    private final Thread thread;
    private final Membership membership;
    private final Repeated saving;
    /** The servers that the next configuration is made of; empty outside a load. */
    private Optional<List<Slot>> proposed = Optional.empty();

    private Optional<String> error = Optional.empty();
    private Optional<String> refusal = Optional.empty();
    private boolean asked;
    /** The pause before the next question is to end now. */
    private boolean wanted;

    private boolean closed;
    private boolean toldOfFew;
    private long failures;

    /**
     * @param clock nanoseconds
     * @param changed called when an answer or a failure has come, on any thread
     */
    WatchedSource(
            SourceAddress address,
            Source source,
            DiscoveryRules rules,
            SavedSets saved,
            LongSupplier clock,
            Runnable changed) {
        this.address = address;
        this.source = source;
        this.memory = new SourceMemory(address, saved, clock);
        this.clock = clock;
        this.changed = changed;
        this.membership = new Membership(rules);
        this.saving = new Repeated("saving the servers of " + address, () -> memory.save(membership));
        memory.earlier().ifPresent(set -> membership.resume(set, clock.getAsLong()));
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("memroute-source-" + address.kind().prefix())
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    SourceAddress address() {
        return address;
    }

    // ---- asking: the source's own thread ----

    private void run() {
        Pauses pauses = new Pauses(ThreadLocalRandom.current()::nextDouble);
        try {
            while (!isClosed()) {
                Duration pause;
                try {
                    pause = pauses.afterAnswer(answered(source.ask()));
                } catch (SourceException e) {
                    failed(e);
                    pause = pauses.afterFailure(e.pause());
                } catch (RuntimeException e) {
                    failed(e);
                    pause = pauses.afterFailure(Duration.ZERO);
                }
                changed.run();
                awaitNextQuestion(pause);
            }
        } catch (InterruptedException e) {
            // It has been closed.
        } finally {
            source.close();
        }
    }

    private synchronized void awaitNextQuestion(Duration pause) throws InterruptedException {
        await(() -> wanted, pause);
        wanted = false;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized Duration answered(Source.Answer answer) throws SourceException {
        long now = clock.getAsLong();
        membership.answered(answer.servers(), now);
        if (error.isPresent()) {
            LOG.info("discovery: {}: answers again", address);
        }
        error = Optional.empty();
        memory.answered();
        asked = true;
        boolean few = membership.isHeldBack(now);
        if (few && !toldOfFew) {
            LOG.warn(
                    "discovery: {}: names only {} of {} servers; the others stay until memroute reload, or until"
                            + " confirm_after has passed",
                    address,
                    membership.answerSize(),
                    membership.before().size());
        }
        toldOfFew = few;
        notifyAll();
        return answer.pause();
    }

    private synchronized void failed(Exception reason) {
        failures++;
        String text = reason instanceof SourceException ? String.valueOf(reason.getMessage()) : reason.toString();
        if (closed) {
            return;
        }
        // A failure that goes on is one line; that it goes on stands in the metrics.
        if (!error.equals(Optional.of(text))) {
            LOG.warn(
                    "discovery: {}: {}; {}",
                    address,
                    text,
                    membership.slots().isEmpty() ? "no servers are known so far" : "the servers it had stay in use");
        }
        error = Optional.of(text);
        asked = true;
        notifyAll();
    }

    // ---- loads: the configuration thread ----

    /**
     * Has what is known now be what the next configuration is made of.
     *
     * @param confirmed whether an operator asks for the load, which lets pass what is held back, and ends a pause
     */
    synchronized void propose(boolean confirmed) {
        if (confirmed) {
            membership.confirm();
            wanted = true;
            notifyAll();
        }
        proposed = membership.offer(clock.getAsLong());
    }

    /**
     * Returns the slots for the configuration that is being loaded.
     *
     * @param wait how long to wait for a first answer
     * @throws SourceException if no servers are known
     */
    synchronized List<Slot> slots(DiscoveryRules rules, Duration wait) throws SourceException {
        membership.rules(rules);
        if (membership.slots().isEmpty() && proposed.isEmpty()) {
            awaitAnswer(wait);
            proposed = membership.offer(clock.getAsLong()).or(() -> kept(rules));
        }
        List<Slot> slots = proposed.orElseGet(membership::slots);
        if (slots.isEmpty()) {
            throw new SourceException(error.orElse("no answer within " + wait.toSeconds() + " s")
                    + ", and no servers of it are saved from an earlier run");
        }
        return slots;
    }

    private void awaitAnswer(Duration wait) throws SourceException {
        try {
            await(() -> asked, wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException("interrupted", e);
        }
    }

    /** Waits for something that is told by {@code notifyAll}, for a time at most. */
    private synchronized void await(BooleanSupplier happened, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); !happened.getAsBoolean() && left > 0; left = end - System.nanoTime()) {
            wait(Math.max(1, left / 1_000_000));
        }
    }

    private Optional<List<Slot>> kept(DiscoveryRules rules) {
        Optional<List<Slot>> slots =
                memory.earlier().map(set -> set.without(rules.grace()).slots()).filter(left -> !left.isEmpty());
        if (slots.isPresent() && !membership.isHeldBack(clock.getAsLong())) {
            LOG.warn(
                    "discovery: {}: {}; starting with the {} servers of {} ago",
                    address,
                    error.orElse("no answer so far"),
                    slots.get().size(),
                    Ages.text(memory.answerAge()));
        }
        return slots;
    }

    /** Whether slots wait to be put in force. */
    synchronized boolean hasOffer() {
        return membership.offer(clock.getAsLong()).isPresent();
    }

    synchronized OptionalLong nextOfferNanos() {
        return membership.nextOfferNanos(clock.getAsLong());
    }

    /** A configuration with what was proposed is in force. */
    synchronized void accepted() {
        refusal = Optional.empty();
        if (proposed.isPresent()) {
            membership.accepted(proposed.get());
            proposed = Optional.empty();
            saving.run();
        }
    }

    /** A configuration with what was proposed was turned down, for the reason given. */
    synchronized void refused(String reason) {
        if (proposed.isPresent()) {
            refusal = Optional.of(reason);
            membership.refused(proposed.get());
            proposed = Optional.empty();
        }
    }

    /** Keeps the slots in force for the next run: one that is killed was there until then. */
    synchronized void save() {
        if (!closed) {
            saving.run();
        }
    }

    synchronized SourceReading reading() {
        long now = clock.getAsLong();
        Optional<String> held = membership.isHeldBack(now)
                ? Optional.of("it names only " + membership.answerSize() + " of "
                        + membership.before().size() + " servers")
                : refusal;
        return new SourceReading(address, membership.slots(), memory.answeredAge(), failures, error, held);
    }

    /** Asks no more; harmless if called again. */
    @Override
    public void close() {
        synchronized (this) {
            save();
            closed = true;
        }
        source.close();
        thread.interrupt();
    }
}
