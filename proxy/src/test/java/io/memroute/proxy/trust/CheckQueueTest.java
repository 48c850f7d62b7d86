package io.memroute.proxy.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class CheckQueueTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final CheckQueue queue = new CheckQueue();
    private final List<String> made = new CopyOnWriteArrayList<>();
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);

    /** Keeps the thread at work, so that the checks added next wait. */
    private void addFirst() {
        queue.add("first", () -> {
            try {
                firstMayEnd.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
    }

    private BooleanSupplier check(String name) {
        return () -> made.add(name);
    }

    private CompletableFuture<Boolean> add(String address, String name) {
        return queue.add(address, check(name));
    }

    @Test
    void addressesTakeTurns() {
        addFirst();
        add("pool", "pool 1");
        add("pool", "pool 2");
        CompletableFuture<Boolean> last = add("pool", "pool 3");
        add("other", "other 1");
        add("other", "other 2");
        firstMayEnd.countDown();

        assertThat(last).succeedsWithin(DEADLINE).isEqualTo(true);
        assertThat(made).containsExactly("pool 1", "other 1", "pool 2", "other 2", "pool 3");
    }

    /** The next new address comes while the check of the one before is made. */
    @Test
    void aFlowOfNewAddressesKeepsNoPoolWaiting() {
        addFirst();
        add("pool", "pool 1");
        add("pool", "pool 2");
        CompletableFuture<Boolean> last = add("pool", "pool 3");
        addNew(1);
        firstMayEnd.countDown();

        assertThat(last).succeedsWithin(DEADLINE).isEqualTo(true);
        assertThat(made).startsWith("pool 1", "new 1", "pool 2", "new 2", "pool 3");
    }

    private void addNew(int number) {
        queue.add("new " + number, () -> {
            if (number < 10) {
                addNew(number + 1);
            }
            return made.add("new " + number);
        });
    }

    @Test
    void cancelledChecksAreNotMadeAndCostTheirAddressNoTurn() {
        addFirst();
        CompletableFuture<Boolean> gone = add("pool", "pool 1");
        CompletableFuture<Boolean> goneToo = add("pool", "pool 2");
        add("other", "other 1");
        CompletableFuture<Boolean> last = add("other", "other 2");
        add("pool", "pool 3");
        gone.cancel(false);
        goneToo.cancel(false);
        firstMayEnd.countDown();

        assertThat(last).succeedsWithin(DEADLINE);
        assertThat(made).containsExactly("pool 3", "other 1", "other 2");
    }

    @Test
    void goesOnWhenAllThatWaitedAreCancelled() {
        addFirst();
        add("pool", "pool 1").cancel(false);
        firstMayEnd.countDown();

        assertThat(add("pool", "pool 2")).succeedsWithin(DEADLINE);
        assertThat(made).containsExactly("pool 2");
    }

    @Test
    void anErrorEndsItsCheckAndNoOther() {
        addFirst();
        CompletableFuture<Boolean> failing = queue.add("pool", () -> {
            throw new StackOverflowError("of the test");
        });
        CompletableFuture<Boolean> next = add("pool", "pool 2");
        firstMayEnd.countDown();

        assertThat(failing).failsWithin(DEADLINE).withThrowableThat().withCauseInstanceOf(StackOverflowError.class);
        assertThat(next).succeedsWithin(DEADLINE).isEqualTo(true);
    }
}
