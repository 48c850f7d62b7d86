package io.memroute.proxy.discovery;

import io.memroute.proxy.repeat.Repeated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the configuration in force, watched from the first load that names them to the last. Loads use it on
 * the configuration thread: {@link #propose}, then {@link #slots} for each source, then {@link #accepted} or
 * {@link #refused}. Everything else is thread safe.
 */
public final class Discovery implements ServerLookup, AutoCloseable {

    /** The time that a load waits for the first answer of a source: a name server's answer to the second try. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

    /** Between two writings of slots that stay. A question may take minutes, so that its end is no time for them. */
    private static final Duration SAVE_EVERY = Duration.ofSeconds(20);

    /** Runs a task later. */
    @FunctionalInterface
    public interface Timer {
        Future<?> schedule(Runnable task, Duration delay);
    }

    private record Identity(SourceAddress address, DiscoverySettings.Asking asking) {}

    private final Source.Maker maker;
    private final Timer timer;
    private final Runnable reload;
    private final LongSupplier clock;
    private final Repeated look = new Repeated("looking for changes of servers", this::lookForOffer);
    private final Map<Identity, WatchedSource> sources = new ConcurrentHashMap<>();
    /** The sources that the load under way has asked for. */
    private final Set<Identity> used = new HashSet<>();

    private @Nullable Future<?> check;
    private @Nullable Future<?> saving;
    private boolean closed;

    /**
     * @param timer runs checks whether a change is due, and writes files
     * @param reload asks for a load; called on any thread, again and again
     */
    public Discovery(Source.Maker maker, Timer timer, Runnable reload) {
        this(maker, timer, reload, System::nanoTime);
    }

    /** @param clock nanoseconds */
    Discovery(Source.Maker maker, Timer timer, Runnable reload, LongSupplier clock) {
        this.maker = maker;
        this.timer = timer;
        this.reload = reload;
        this.clock = clock;
    }

    /**
     * Begins a load.
     *
     * @param confirmed whether an operator asks for it, which lets pass what is held back, and has each source asked
     */
    public void propose(boolean confirmed) {
        used.clear();
        sources.values().forEach(source -> source.propose(confirmed));
    }

    @Override
    public Optional<List<Slot>> slots(SourceAddress address, DiscoverySettings settings) throws SourceException {
        Identity identity = new Identity(address, settings.asking());
        WatchedSource watched = sources.get(identity);
        if (watched == null) {
            watched = new WatchedSource(
                    address,
                    maker.make(address, settings.asking()),
                    settings.rules(),
                    new SavedSets(SavedSets.directory(settings.stateDirectory())),
                    clock,
                    look);
            sources.put(identity, watched);
            watched.start();
            if (saving == null) {
                saveLater();
            }
        }
        used.add(identity);
        return Optional.of(watched.slots(settings.rules(), FIRST_ANSWER));
    }

    /** The configuration that was loaded is in force: sources that it does not name are watched no more. */
    public void accepted() {
        forgetAllBut(used);
        sources.values().forEach(WatchedSource::accepted);
        look.run();
    }

    /**
     * The configuration that was loaded is not in force. The sources that are to blame offer their change no more;
     * those of the others come again.
     *
     * @param inForce the sources of the one that stays
     */
    public void refused(Set<SourceAddress> inForce, Set<SourceAddress> blamed, String reason) {
        Set<Identity> kept = new HashSet<>(sources.keySet());
        kept.removeIf(identity -> !inForce.contains(identity.address()));
        forgetAllBut(kept);
        sources.values().stream()
                .filter(source -> blamed.contains(source.address()))
                .forEach(source -> source.refused(reason));
        look.run();
    }

    private void forgetAllBut(Set<Identity> kept) {
        for (Identity identity : List.copyOf(sources.keySet())) {
            if (!kept.contains(identity)) {
                WatchedSource forgotten = sources.remove(identity);
                if (forgotten != null) {
                    forgotten.close();
                }
            }
        }
    }

    /** Whether a change is due. */
    public boolean hasOffer() {
        return sources.values().stream().anyMatch(WatchedSource::hasOffer);
    }

    /** Has a load begin if a change is due, else looks again when one may be. */
    private void lookForOffer() {
        if (hasOffer()) {
            reload.run();
            return;
        }
        long next = Long.MAX_VALUE;
        for (WatchedSource source : sources.values()) {
            next = Math.min(next, source.nextOfferNanos().orElse(Long.MAX_VALUE));
        }
        synchronized (this) {
            if (check != null) {
                check.cancel(false);
                check = null;
            }
            if (next != Long.MAX_VALUE && !closed) {
                // A little later than needed rather than too early, which would only be one look more.
                check = timer.schedule(look, Duration.ofNanos(next).plusMillis(1));
            }
        }
    }

    private void save() {
        sources.values().forEach(WatchedSource::save);
        saveLater();
    }

    private synchronized void saveLater() {
        if (!closed) {
            saving = timer.schedule(this::save, SAVE_EVERY);
        }
    }

    /** The sources at this moment, by address. */
    public List<SourceReading> readings() {
        List<SourceReading> readings = new ArrayList<>();
        sources.values().forEach(source -> readings.add(source.reading()));
        readings.sort(Comparator.comparing(reading -> reading.source().toString()));
        return readings;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (check != null) {
                check.cancel(false);
            }
            if (saving != null) {
                saving.cancel(false);
            }
        }
        forgetAllBut(Set.of());
    }
}
