package io.memroute.proxy.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tenants that ask for much take turns while that helps others. */
class TurnsTest {

    private static final int MANY = 5000;

    private final ArrayDeque<Runnable> pass = new ArrayDeque<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private long nowNanos = TimeUnit.SECONDS.toNanos(10);
    private final Turns turns = new Turns(Runnable::run, pass::add, later::add, () -> nowNanos);

    /** A client with so many requests to start, which are answered when the test says so. */
    private final class Client implements Turns.Waiter {

        private final String name;
        private final Tenant tenant;
        private int left;
        private int started;
        private int unanswered;
        private boolean fails;

        Client(String name, Tenant tenant) {
            this.name = name;
            this.tenant = tenant;
        }

        Client ask(int requests) {
            left += requests;
            takeTurn();
            return this;
        }

        @Override
        public void takeTurn() {
            if (fails) {
                fails = false;
                throw new IllegalStateException("on purpose");
            }
            int before = started;
            while (left > 0 && tenant.mayStart()) {
                left--;
                started++;
                unanswered++;
                tenant.began();
            }
            if (started > before) {
                log.add(name + " " + (started - before));
            }
            if (left > 0) {
                tenant.await(this);
            }
        }

        void answer(int requests) {
            for (int i = 0; i < requests; i++) {
                unanswered--;
                tenant.ended();
            }
        }

        void answerAll() {
            answer(unanswered);
        }
    }

    private Client nameless(String name) {
        return new Client(name, turns.connect(""));
    }

    /** Has somebody been answered who asks for little. */
    private void answerModest() {
        nameless("modest").ask(1).answerAll();
        log.clear();
    }

    /** Goes to the next pass, and runs the task that the turns have given to the loop. Returns what was started. */
    private List<String> runPass() {
        nowNanos++;
        log.clear();
        if (!pass.isEmpty()) {
            pass.remove().run();
        }
        return List.copyOf(log);
    }

    @Test
    void oneThatIsAloneIsNotHeldUp() {
        Client greedy = nameless("greedy");
        greedy.ask(1).answerAll();
        greedy.ask(MANY);
        assertThat(greedy.started).isEqualTo(MANY + 1);
        assertThat(pass).isEmpty();
    }

    @Test
    void manyOfAKindAreNotHeldUp() {
        for (int i = 0; i < 50; i++) {
            Client client = nameless("equal").ask(200);
            assertThat(client.started).isEqualTo(200);
            client.answerAll();
        }
        assertThat(nameless("last").ask(200).started).isEqualTo(200);
    }

    @Test
    void aTenantHasItsShareUnderWayAndGoesOnWhenItIsAnswered() {
        answerModest();
        Client greedy = nameless("greedy").ask(MANY);
        assertThat(log).containsExactly("greedy 64");
        assertThat(runPass()).isEmpty();
        greedy.answer(10);
        assertThat(runPass()).containsExactly("greedy 10");
        assertThat(pass).isEmpty();
    }

    @Test
    void tenantsTakeTurnsPassByPass() {
        answerModest();
        turns.answered(0, false);
        Client a = nameless("a").ask(MANY);
        Client b = nameless("b").ask(MANY);
        Client c = nameless("c").ask(80);
        assertThat(log).containsExactly("a 64", "b 64", "c 64");
        turns.answered(1000, false);
        a.answer(1);
        b.answer(1);
        c.answer(1);
        assertThat(runPass()).containsExactly("a 64", "b 64", "c 16");
        assertThat(runPass()).containsExactly("a 64", "b 64");
    }

    @Test
    void oneThatAsksForLittleStartsAtOnce() {
        answerModest();
        nameless("greedy").ask(MANY);
        log.clear();
        nameless("modest").ask(2);
        assertThat(log).containsExactly("modest 2");
    }

    @Test
    void turnsEndWhenNobodyHasAskedForLittleForASecond() {
        answerModest();
        Client greedy = nameless("greedy").ask(MANY);
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        greedy.answer(1);
        runPass();
        assertThat(greedy.started).isEqualTo(MANY);
        assertThat(pass).isEmpty();
    }

    @Test
    void oneThatWaitedLatelyDoesNotAskForLittle() {
        answerModest();
        Client greedy = nameless("greedy").ask(80);
        greedy.answer(64);
        runPass();
        greedy.answerAll();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(600);
        greedy.ask(1).answerAll();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(600);
        assertThat(turns.areTaken(nameless("other").tenant)).isFalse();
    }

    @Test
    void theConnectionsOfAnIdentityHaveOneShareInTurn() {
        new Client("other", turns.connect("user:other")).ask(1);
        Client first = new Client("first", turns.connect("user:greedy")).ask(40);
        Client second = new Client("second", turns.connect("user:greedy")).ask(30);
        Client third = new Client("third", turns.connect("user:greedy")).ask(12);
        assertThat(log).containsExactly("other 1", "first 40", "second 24");
        first.answer(20);
        assertThat(runPass()).containsExactly("second 6", "third 12");
        assertThat(third.left).isZero();
        assertThat(second.tenant).isSameAs(third.tenant);
    }

    @Test
    void aClientDoesNotOvertakeOthersOfItsTenantThatWait() {
        new Client("other", turns.connect("user:other")).ask(1);
        Client first = new Client("first", turns.connect("user:greedy")).ask(70);
        first.answer(60);
        Client second = new Client("second", turns.connect("user:greedy")).ask(5);
        assertThat(second.started).isZero();
        assertThat(runPass()).containsExactly("first 6", "second 5");
    }

    @Test
    void theShareGrowsWithAnswersInGoodTimeAndShrinksWithLateOnes() {
        answerModest();
        nameless("greedy").ask(MANY);
        turns.answered(100, false);
        assertThat(turns.share()).isEqualTo(164 / 2);
        turns.answered(100, false);
        assertThat(turns.share()).isEqualTo(182);
        turns.answered(50, true);
        assertThat(turns.share()).isEqualTo(132);
        turns.answered(MANY, true);
        assertThat(turns.share()).isEqualTo(64);
    }

    @Test
    void theShareStaysWhereNobodyNeedsMore() {
        turns.answered(1000, false);
        assertThat(turns.share()).isEqualTo(64);
    }

    @Test
    void theShareIsTriedAtHalfEachSecond() {
        answerModest();
        nameless("greedy").ask(MANY);
        turns.answered(1000, false);
        int share = turns.share();
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        turns.answered(0, false);
        assertThat(turns.share()).isEqualTo(share / 2);
    }

    @Test
    void oneThatIsNotAnsweredHasATurnAfterAWhile() {
        answerModest();
        Client greedy = nameless("greedy").ask(MANY);
        assertThat(later).hasSize(1);
        nowNanos += Turns.PATIENCE_NANOS;
        later.remove().run();
        assertThat(runPass()).containsExactly("greedy 64");
        assertThat(later).hasSize(1);
        later.remove().run();
        assertThat(runPass()).isEmpty();
        assertThat(greedy.unanswered).isEqualTo(128);
    }

    @Test
    void noTaskIsLeftWhenNobodyWaits() {
        answerModest();
        Client greedy = nameless("greedy").ask(80);
        greedy.answerAll();
        runPass();
        later.remove().run();
        assertThat(later).isEmpty();
        assertThat(pass).isEmpty();
    }

    @Test
    void turnsGoOnAfterAFailure() {
        answerModest();
        Client a = nameless("a").ask(100);
        Client b = nameless("b").ask(100);
        a.answerAll();
        b.answerAll();
        a.fails = true;
        assertThatThrownBy(this::runPass).hasMessage("on purpose");
        assertThat(runPass()).containsExactly("b 36");
        a.ask(0);
        assertThat(a.left).isZero();
    }

    @Test
    void identitiesAreForgottenWithTheirLastConnectionAndRequest() {
        Tenant first = turns.connect("user:a");
        assertThat(turns.connect("user:a")).isSameAs(first);
        first.disconnect();
        first.began();
        first.disconnect();
        assertThat(turns.connect("user:a")).isSameAs(first);
        first.disconnect();
        first.ended();
        assertThat(turns.connect("user:a")).isNotSameAs(first);
    }

    @Test
    void requestsUnderWayGoWithTheirClientToAnotherIdentity() {
        Tenant before = turns.connect("tag:a");
        Tenant after = turns.connect("user:b");
        for (int i = 0; i < 3; i++) {
            before.began();
        }
        after.takeOver(before, 3);
        before.disconnect();
        assertThat(turns.connect("tag:a")).isNotSameAs(before);
        after.disconnect();
        assertThat(turns.connect("user:b")).isSameAs(after);
    }
}
