package io.memroute.proxy.backend.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.testkit.Deadline;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A name that is looked up while there is a connection, on a clock of the test. */
class AddressLookupTest {

    private static final InetAddress HERE = HostResolver.literal("10.0.0.1");
    private static final InetAddress THERE = HostResolver.literal("10.0.0.2");

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> told = new ArrayList<>();
    private volatile InetAddress[] addresses = {HERE};

    private final AddressLookup lookup = new AddressLookup(
            BackendSpec.builder("cache.test", 11211).build(),
            loop.eventLoop(),
            new AddressLookup.Outcome() {
                @Override
                public void found(InetAddress address) {
                    told.add("found " + address.getHostAddress());
                }

                @Override
                public void failed(BackendFailure failure) {
                    told.add("failed");
                }

                @Override
                public void moved() {
                    told.add("moved");
                }
            },
            new HostResolver(host -> {
                asked.incrementAndGet();
                return addresses;
            }));

    private void connect() {
        lookup.begin();
        Deadline.await("an address", () -> {
            loop.runPendingTasks();
            return !told.isEmpty();
        });
        lookup.connected();
    }

    /** Lets as much time pass as is between two look-ups, and has the loop take the answer. */
    private void pass() {
        int before = asked.get();
        loop.advanceTimeBy(AddressLookup.PAUSE.toSeconds(), TimeUnit.SECONDS);
        loop.runScheduledPendingTasks();
        Deadline.await("a question", () -> asked.get() > before);
        settle();
    }

    /** The answer comes from another thread, and the next look-up is scheduled when it has been taken. */
    private void settle() {
        int tasks = told.size();
        Deadline.await("the answer", () -> {
            loop.runPendingTasks();
            return told.size() > tasks || loop.runScheduledPendingTasks() > 0;
        });
    }

    @Test
    void tellsThatANameLeadsElsewhere() {
        connect();
        pass();
        assertThat(told).containsExactly("found 10.0.0.1");
        addresses = new InetAddress[] {THERE};
        pass();
        assertThat(told).containsExactly("found 10.0.0.1");
        pass();
        assertThat(told).containsExactly("found 10.0.0.1", "moved");
    }

    @Test
    void takesNoAnswerAndOneOfManyAddressesForNoMove() {
        connect();
        for (InetAddress[] answer : List.of(
                new InetAddress[] {THERE},
                new InetAddress[] {THERE, HERE},
                new InetAddress[] {THERE},
                new InetAddress[0])) {
            addresses = answer;
            pass();
        }
        addresses = new InetAddress[] {THERE};
        pass();
        assertThat(told).containsExactly("found 10.0.0.1");
    }

    @Test
    void asksNoMoreWithoutAConnection() {
        connect();
        lookup.cancel();
        int before = asked.get();
        loop.advanceTimeBy(AddressLookup.PAUSE.toSeconds(), TimeUnit.SECONDS);
        loop.runScheduledPendingTasks();
        loop.runPendingTasks();
        assertThat(asked).hasValue(before);
    }
}
