package io.memroute.proxy.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tenants that ask for much take turns while that helps others. */
class TurnsTest {

    private final ArrayDeque<Runnable> pass = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private long nowNanos = TimeUnit.SECONDS.toNanos(10);
    private final Turns turns = new Turns(pass::add, Runnable::run, () -> log.add("flush"), () -> nowNanos);

    /** A client with so many requests to start, which are answered when the test says so. */
    private final class Client implements Turns.Waiter {

        private final String name;
        private final Tenant tenant;
        private int left;
        private int started;
        private int unanswered;

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

        void answerAll() {
            for (; unanswered > 0; unanswered--) {
                tenant.ended();
            }
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

    /** Runs the task that the turns have given to the loop. */
    private void runPass() {
        pass.remove().run();
    }

    @Test
    void oneThatIsAloneIsNotHeldUp() {
        Client greedy = nameless("greedy").ask(5000);
        assertThat(greedy.started).isEqualTo(5000);
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
    void beyondAQuantumTenantsTakeTurnsInSlices() {
        answerModest();
        nameless("a").ask(400);
        nameless("b").ask(400);
        nameless("c").ask(80);
        assertThat(log).containsExactly("a 64", "b 64", "c 64");
        log.clear();
        runPass();
        assertThat(log).containsExactly("flush", "a 64", "b 64");
        log.clear();
        runPass();
        assertThat(log).containsExactly("flush", "c 16", "a 64", "b 64");
        log.clear();
        runPass();
        assertThat(log).containsExactly("flush", "a 64", "b 64");
    }

    @Test
    void oneThatAsksForLittleGoesFirst() {
        answerModest();
        nameless("greedy").ask(1000);
        runPass();
        log.clear();
        nameless("modest").ask(2);
        assertThat(log).containsExactly("modest 2");
    }

    @Test
    void turnsEndWhenNobodyHasAskedForLittleForASecond() {
        answerModest();
        Client greedy = nameless("greedy").ask(1000);
        runPass();
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        runPass();
        assertThat(greedy.started).isEqualTo(1000);
        assertThat(pass).isEmpty();
    }

    @Test
    void whoWaitedLatelyDoesNotAskForLittle() {
        answerModest();
        Client greedy = nameless("greedy").ask(80);
        runPass();
        greedy.answerAll();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(600);
        greedy.ask(1).answerAll();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(600);
        assertThat(turns.areTaken()).isFalse();
    }

    @Test
    void theConnectionsOfAnIdentityHaveOneShare() {
        Client other = new Client("other", turns.connect("user:other")).ask(1);
        Client first = new Client("first", turns.connect("user:greedy")).ask(40);
        Client second = new Client("second", turns.connect("user:greedy")).ask(400);
        Client third = new Client("third", turns.connect("user:greedy")).ask(12);
        assertThat(log).containsExactly("other 1", "first 40", "second 24");
        log.clear();
        runPass();
        assertThat(log).containsExactly("flush", "second 64", "third 12", "second 52");
        assertThat(first.tenant).isSameAs(third.tenant);
        assertThat(other.tenant.isModest()).isTrue();
        assertThat(third.tenant.isModest()).isFalse();
    }

    @Test
    void identitiesAreForgottenWithTheirLastConnection() {
        Tenant first = turns.connect("user:a");
        assertThat(turns.connect("user:a")).isSameAs(first);
        first.disconnect();
        assertThat(turns.connect("user:a")).isSameAs(first);
        first.disconnect();
        first.disconnect();
        assertThat(turns.connect("user:a")).isNotSameAs(first);
    }
}
