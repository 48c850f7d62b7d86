package io.memroute.proxy.backend.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HostResolverTest {

    private static final InetAddress FOUR = HostResolver.literal("10.0.0.1");
    private static final InetAddress SIX = HostResolver.literal("fd00::1");

    private final BlockingQueue<InetAddress[]> answers = new LinkedBlockingQueue<>();

    private InetAddress[] answer() throws InterruptedException {
        InetAddress[] answer = answers.poll(20, TimeUnit.SECONDS);
        assertThat(answer).as("an answer within 20 s").isNotNull();
        return answer;
    }

    @Test
    void givesIPv4AddressesFirst() throws InterruptedException {
        new HostResolver(host -> new InetAddress[] {SIX, FOUR}).resolve("a", Runnable::run, answers::add);
        assertThat(answer()).containsExactly(FOUR, SIX);
    }

    @Test
    void givesNoneForANameThatDoesNotExist() throws InterruptedException {
        new HostResolver(host -> {
                    throw new UnknownHostException(host);
                })
                .resolve("a", Runnable::run, answers::add);
        assertThat(answer()).isEmpty();
    }

    @Test
    void looksANameUpOnceForAllWhoWantItAtOneTime() throws InterruptedException {
        CountDownLatch known = new CountDownLatch(1);
        AtomicInteger lookups = new AtomicInteger();
        HostResolver resolver = new HostResolver(host -> {
            lookups.incrementAndGet();
            await(known);
            return new InetAddress[] {FOUR};
        });
        for (int i = 0; i < 10; i++) {
            resolver.resolve("a", Runnable::run, answers::add);
        }
        known.countDown();
        for (int i = 0; i < 10; i++) {
            assertThat(answer()).containsExactly(FOUR);
        }
        assertThat(lookups).hasValue(1);
        resolver.resolve("a", Runnable::run, answers::add);
        answer();
        assertThat(lookups).hasValue(2);
    }

    @Test
    void findsOtherNamesWhileManyGetNoAnswer() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        HostResolver resolver = new HostResolver(host -> {
            if (host.startsWith("silent")) {
                await(end);
            }
            return new InetAddress[] {FOUR};
        });
        for (int i = 0; i < 50; i++) {
            resolver.resolve("silent" + i, Runnable::run, addresses -> {});
        }
        resolver.resolve("b", Runnable::run, answers::add);
        assertThat(List.of(answer())).containsExactly(FOUR);
        end.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
