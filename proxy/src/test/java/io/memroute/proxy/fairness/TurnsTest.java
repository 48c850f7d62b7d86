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

    /** Has a server answer that does so many requests in the time for which they may wait. */
    private void answered(int requests, boolean waited, int least) {
        turns.answered(requests, TimeUnit.MICROSECONDS.toNanos(100), waited, least, false);
    }

    /** Has a fast server answer. */
    private void answered(int requests, boolean waited) {
        answered(requests, waited, MANY);
    }

    /** Has a server answer a request that found no other. */
    private void answeredAlone() {
        turns.answered(0, TimeUnit.MICROSECONDS.toNanos(100), false, MANY, true);
    }

    /** The share of a tenant that has asked for much lately, if that has any meaning. */
    private int share(Client client) {
        return turns.share(client.tenant);
    }

    /** Has a greedy tenant wait, and the trial succeed that is due then. */
    private Client greedyAfterATrial() {
        answerModest();
        Client greedy = nameless("greedy").ask(MANY);
        answered(0, false);
        answeredAlone();
        return greedy;
    }

    /** Has a greedy tenant take a turn while somebody asks for little. */
    private void goOn(Client greedy) {
        answerModest();
        greedy.answer(1);
        assertThat(runPass()).containsExactly("greedy 1");
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
        greedyAfterATrial();
        log.clear();
        Client a = nameless("a").ask(MANY);
        Client b = nameless("b").ask(MANY);
        Client c = nameless("c").ask(80);
        assertThat(log).containsExactly("a 64", "b 64", "c 64");
        answered(1000, false);
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
        Client greedy = greedyAfterATrial();
        answered(100, false);
        assertThat(share(greedy)).isEqualTo(164);
        answered(50, true);
        assertThat(share(greedy)).isEqualTo(139);
        answered(MANY, true);
        assertThat(share(greedy)).isEqualTo(64);
    }

    @Test
    void theShareStaysWhereNobodyNeedsMore() {
        answered(1000, false);
        assertThat(share(nameless("greedy"))).isEqualTo(64);
    }

    @Test
    void theLeastShareIsWhatTheServerDoesInAMoment() {
        Client greedy = greedyAfterATrial();
        answered(MANY, true, 5);
        assertThat(share(greedy)).isEqualTo(5);
        answered(MANY, true, 0);
        assertThat(share(greedy)).isEqualTo(2);
        answered(1, true, 20);
        assertThat(share(greedy)).isEqualTo(20);
    }

    @Test
    void halfOfASmallShareIsStartedInAPass() {
        Client greedy = greedyAfterATrial();
        answered(MANY, true, 5);
        greedy.answerAll();
        assertThat(runPass()).containsExactly("greedy 3");
        assertThat(runPass()).containsExactly("greedy 2");
        assertThat(runPass()).isEmpty();
    }

    @Test
    void inATrialTheShareOfThoseWhoAskForMuchIsOneUntilARequestWasAlone() {
        Client modest = nameless("modest").ask(1);
        modest.answerAll();
        Client greedy = nameless("greedy").ask(MANY);
        answered(10, false);
        assertThat(share(greedy)).isEqualTo(1);
        assertThat(share(modest)).isEqualTo(74);
        answered(1000, false);
        assertThat(share(greedy)).isEqualTo(1);
        answeredAlone();
        assertThat(share(greedy)).isEqualTo(74);
    }

    @Test
    void aTrialBeginsWithAWholeSecond() {
        Client greedy = greedyAfterATrial();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(500);
        goOn(greedy);
        nowNanos = TimeUnit.SECONDS.toNanos(11) - 1;
        answered(0, true);
        assertThat(share(greedy)).isEqualTo(64);
        nowNanos++;
        answered(0, true);
        assertThat(share(greedy)).isEqualTo(1);
    }

    @Test
    void aTrialThatTookLongIsNotSoonFollowedByAnother() {
        answerModest();
        Client greedy = nameless("greedy").ask(MANY);
        answered(0, false);
        nowNanos += TimeUnit.MILLISECONDS.toNanos(50);
        answeredAlone();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(500);
        goOn(greedy);
        nowNanos = TimeUnit.SECONDS.toNanos(11);
        answered(0, true);
        assertThat(share(greedy)).isEqualTo(64);
        goOn(greedy);
        nowNanos = TimeUnit.SECONDS.toNanos(12) - 1;
        answered(0, true);
        assertThat(share(greedy)).isEqualTo(64);
        nowNanos++;
        answered(0, true);
        assertThat(share(greedy)).isEqualTo(1);
    }

    @Test
    void aTrialWithoutAnswersEnds() {
        answerModest();
        Client greedy = nameless("greedy").ask(MANY);
        answered(0, false);
        assertThat(share(greedy)).isEqualTo(1);
        nowNanos += Turns.PATIENCE_NANOS;
        later.remove().run();
        assertThat(share(greedy)).isEqualTo(64);
        assertThat(runPass()).containsExactly("greedy 64");
    }

    @Test
    void oneThatAServerAnswersSlowlyHasNoTurnBefore() {
        answerModest();
        nameless("greedy").ask(MANY);
        turns.answered(1, Turns.PATIENCE_NANOS, true, 1, true);
        nowNanos += Turns.PATIENCE_NANOS;
        later.remove().run();
        assertThat(runPass()).isEmpty();
        nowNanos += Turns.PATIENCE_NANOS;
        later.remove().run();
        assertThat(runPass()).isNotEmpty();
    }

    @Test
    void oneWhoseTurnsCatchUpWithItDoesNotAskForMuch() {
        greedyAfterATrial();
        answered(MANY, true, 4);
        Client modest = nameless("modest").ask(10);
        nowNanos += TimeUnit.SECONDS.toNanos(2);
        while (modest.left > 0) {
            modest.answerAll();
            runPass();
        }
        modest.answerAll();
        assertThat(turns.areTaken(nameless("other").tenant)).isTrue();
    }

    @Test
    void turnsOfThoseWithNamesGoOnWhileOneOfThemHasNothingUnderWay() {
        Client first = new Client("first", turns.connect("user:first")).ask(MANY);
        Client second = new Client("second", turns.connect("user:second")).ask(MANY);
        second.left = 0;
        second.answerAll();
        assertThat(turns.areTaken(first.tenant)).isTrue();
        assertThat(turns.areTaken(nameless("other").tenant)).isFalse();
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(turns.areTaken(first.tenant)).isFalse();
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
