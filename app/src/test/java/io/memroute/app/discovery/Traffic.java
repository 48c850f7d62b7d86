package io.memroute.app.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that go on while servers change: a value tells its key, so that a value of another key is noticed. */
final class Traffic implements AutoCloseable {

    private static final String FAILED = "SERVER_ERROR backend failure";

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final Thread thread;

    Traffic(int port) {
        thread = Thread.ofPlatform().daemon().start(() -> run(port));
    }

    private void run(int port) {
        try (RawClient client = RawClient.connect(port)) {
            for (int i = 0; !ended.get(); i++) {
                String key = "traffic" + i % 500;
                String value = "of-" + key;
                client.send("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\nget " + key + "\r\n");
                String stored = client.readLine();
                String first = client.readLine();
                boolean good = first.equals(FAILED)
                        || first.equals("END")
                        || first.equals("VALUE " + key + " 0 " + value.length())
                                && client.readLine().equals(value)
                                && client.readLine().equals("END");
                good &= stored.equals("STORED") || stored.equals(FAILED);
                (good ? right : wrong).incrementAndGet();
            }
        }
    }

    /** Ends it: there were answers, and none was wrong. */
    void end() throws InterruptedException {
        ended.set(true);
        thread.join(Deadline.USUAL);
        assertThat(thread.isAlive()).isFalse();
        assertThat(wrong.get()).isZero();
        assertThat(right.get()).isPositive();
    }

    @Override
    public void close() {
        ended.set(true);
    }
}
