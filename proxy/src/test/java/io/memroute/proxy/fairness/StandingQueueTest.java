package io.memroute.proxy.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.measure.RequestTimes;
import io.memroute.proxy.measure.ServerDelay;
import io.memroute.proxy.stats.LatencyRecorder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker with a greedy tenant and a polite one before one server, simulated: a queue that stands at the server does
 * not raise the share, and no server is left without work.
 */
class StandingQueueTest {

    private static final long MICRO = 1000;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A pass of the loop takes at least this long. */
    private static final long PASS_NANOS = 10 * MICRO;

    /** Requests that the greedy tenant always has outstanding, and keys that share a line to the server. */
    private static final int OUTSTANDING = 2000;

    private static final int LINE_KEYS = 64;

    /** The polite tenant asks once in so many times that the server takes for a key, or in half a millisecond. */
    private static final int POLITE_KEYS = 5;

    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::atNanos));
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ArrayDeque<Runnable> endOfPass = new ArrayDeque<>();
    private long nowNanos = 10 * SECOND;
    private final Turns turns =
            new Turns(tasks::add, endOfPass::add, task -> at(nowNanos + Turns.PATIENCE_NANOS, task), () -> nowNanos);

    private final RequestTimes times = new RequestTimes(new LatencyRecorder(), new LatencyRecorder());
    private final ServerDelay delay = new ServerDelay();
    private final ArrayDeque<Client> batch = new ArrayDeque<>();
    private final List<List<Client>> received = new ArrayList<>();
    private long sent;
    private long answered;

    /** The server: what a key and the way there, or back, take, and when it has done what it has been given. */
    private long keyNanos;

    private long wayNanos;
    private long freeNanos;
    /** The most that a batch waits because the server's machine has other work. */
    private long otherWorkNanos;

    private final Random random = new Random(1);

    private final Client greedy = new Client("tag:greedy");
    private final Client polite = new Client("tag:polite");
    private int mostShare;
    private long measuredNanos;

    private record Event(long atNanos, Runnable happening) {}

    private final class Client implements Turns.Waiter {

        private final Tenant tenant;
        private final ArrayDeque<Long> arrived = new ArrayDeque<>();
        private final ArrayDeque<Long> started = new ArrayDeque<>();
        private final List<Long> took = new ArrayList<>();
        private boolean waits;

        Client(String name) {
            tenant = turns.connect(name);
        }

        void ask() {
            arrived.add(nowNanos);
            if (!waits) {
                takeTurn();
            }
        }

        @Override
        public void takeTurn() {
            waits = false;
            while (!arrived.isEmpty() && tenant.mayStart()) {
                started.add(arrived.remove());
                tenant.began();
                batch.add(this);
            }
            if (!arrived.isEmpty()) {
                waits = true;
                tenant.await(this);
            }
        }

        void answer() {
            took.add(nowNanos - started.remove());
            tenant.ended();
            if (this == greedy) {
                ask();
            }
        }

        /** The time within which so many in a hundred of its requests were answered. */
        long percentileNanos(int percent) {
            return took.stream()
                    .sorted()
                    .skip((long) took.size() * percent / 100)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void at(long nanos, Runnable happening) {
        events.add(new Event(nanos, happening));
    }

    private void run(long nanos) {
        long end = nowNanos + nanos;
        while (nowNanos < end) {
            pass();
            long next = tasks.isEmpty() && !events.isEmpty() ? events.element().atNanos() : 0;
            nowNanos = Math.max(nowNanos + PASS_NANOS, next);
        }
    }

    private void pass() {
        while (!events.isEmpty() && events.element().atNanos() <= nowNanos) {
            events.remove().happening().run();
        }
        if (!received.isEmpty()) {
            read();
        }
        for (int left = tasks.size(); left > 0; left--) {
            tasks.remove().run();
        }
        if (!batch.isEmpty()) {
            write();
        }
        while (!endOfPass.isEmpty()) {
            endOfPass.remove().run();
        }
        mostShare = Math.max(mostShare, turns.share(polite.tenant));
    }

    private void write() {
        sent += batch.size();
        times.written(sent, nowNanos, nowNanos);
        while (!batch.isEmpty()) {
            List<Client> line = new ArrayList<>();
            while (!batch.isEmpty() && line.size() < LINE_KEYS) {
                line.add(batch.remove());
            }
            long beganNanos = nowNanos + wayNanos + random.nextLong(1 + otherWorkNanos);
            freeNanos = Math.max(freeNanos, beganNanos) + line.size() * keyNanos;
            at(freeNanos + wayNanos, () -> received.add(line));
        }
    }

    private void read() {
        for (List<Client> line : received) {
            answered += line.size();
            line.forEach(Client::answer);
        }
        received.clear();
        int requests = times.answered(answered, nowNanos);
        delay.answered(requests, times, nowNanos);
        turns.answered(
                requests,
                times.lastServerNanos(),
                delay.waits(),
                delay.doneIn(Turns.WAIT_NANOS),
                times.aloneServerNanos() > 0);
    }

    private void askPolitely() {
        polite.ask();
        at(nowNanos + Math.max(500 * MICRO, POLITE_KEYS * keyNanos), this::askPolitely);
    }

    /** Has the greedy tenant alone for a while, then both until all that it had before is answered, and then on. */
    private void runBoth(long keyTakesNanos, long wayTakesNanos, int seconds) {
        keyNanos = keyTakesNanos;
        wayNanos = wayTakesNanos;
        for (int i = 0; i < OUTSTANDING; i++) {
            greedy.ask();
        }
        run(SECOND / 10);
        askPolitely();
        run(SECOND + 2 * OUTSTANDING * keyNanos);
        greedy.took.clear();
        polite.took.clear();
        mostShare = 0;
        measuredNanos = seconds * SECOND;
        run(measuredNanos);
    }

    /** The part of what the server can do that it did. */
    private double used() {
        return (greedy.took.size() + polite.took.size()) * (double) keyNanos / measuredNanos;
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 100, 150, 400, 2000})
    void aQueueThatStandsAtASlowServerDoesNotRaiseTheShare(int keyMicros) {
        long takes = keyMicros * MICRO;
        runBoth(takes, 15 * MICRO, 10);
        assertThat(mostShare).isLessThan(16);
        assertThat(polite.percentileNanos(50)).isLessThan(200 * MICRO + 4 * takes);
        assertThat(polite.percentileNanos(99)).isLessThan(200 * MICRO + 8 * takes);
        assertThat(used()).isGreaterThan(0.95);
    }

    @Test
    void aFastServerHasItsBatches() {
        runBoth(MICRO, 15 * MICRO, 2);
        assertThat(turns.share(greedy.tenant)).isGreaterThanOrEqualTo(Turns.QUANTUM);
        assertThat(polite.percentileNanos(99)).isLessThan(300 * MICRO);
        assertThat(used()).isGreaterThan(0.9);
    }

    @Test
    void aFastServerOnABusyMachineIsGivenEnough() {
        otherWorkNanos = 10_000 * MICRO;
        runBoth(MICRO, 15 * MICRO, 10);
        assertThat(greedy.took.size()).isGreaterThan(10 * 4000);
    }

    @Test
    void aFarServerIsKeptAtWork() {
        runBoth(20 * MICRO, 10_000 * MICRO, 10);
        assertThat(used()).isGreaterThan(0.8);
        assertThat(polite.percentileNanos(50)).isLessThan(35_000 * MICRO);
    }
}
