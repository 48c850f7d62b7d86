package io.memroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.stats.WorkerCounters;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BufferMemoryTest {

    private static final int LIMIT = 1000;

    private final MockTicker clock = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(clock).build();
    private final MemoryLimit limit = new MemoryLimit();
    private final BufferMemory memory = worker();
    private final BufferMemory other = worker();
    private final List<Client> gaveUp = new ArrayList<>();

    BufferMemoryTest() {
        limit.set(LIMIT);
    }

    private BufferMemory worker() {
        return new BufferMemory(limit, new WorkerCounters(), channel.eventLoop());
    }

    private void pass(int millis) {
        clock.advance(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void oneWorkerMayTakeTheWholeLimit() {
        memory.add(600);

        assertThat(memory.admits(400, false)).isTrue();
        assertThat(memory.admits(401, false)).isFalse();
    }

    @Test
    void aWorkerHasItsShareWhateverOthersTake() {
        other.add(5000);

        assertThat(memory.admits(500, false)).isTrue();
        assertThat(memory.admits(501, false)).isFalse();
    }

    @Test
    void thoseWhoHoldMemoryMayAddToItOnlyWhileHalfIsFree() {
        memory.add(400);

        assertThat(memory.admits(100, true)).isTrue();
        assertThat(memory.admits(101, true)).isFalse();
        assertThat(memory.admits(600, false)).isTrue();
    }

    @Test
    void withoutALimitThereIsAlwaysRoom() {
        limit.set(0);
        memory.add(1L << 40);

        assertThat(memory.admits(1L << 40, true)).isTrue();
        assertThat(memory.tight()).isFalse();
    }

    @Test
    void theHolderThatStandsStillForLongestGivesUpFirst() {
        Client first = new Client(400);
        pass(200);
        Client second = new Client(400);
        pass(200);

        assertThat(memory.admits(500, false)).isTrue();
        assertThat(gaveUp).containsExactly(first);
        assertThat(memory.admits(700, false)).isTrue();
        assertThat(gaveUp).containsExactly(first, second);
    }

    @Test
    void aHolderThatMakesProgressKeepsWhatItHas() {
        Client client = new Client(900);
        for (int i = 0; i < 20; i++) {
            client.progress++;
            pass(50);
            assertThat(memory.admits(500, false)).isFalse();
        }
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void aHolderThatWaitsForAServerIsNotToBlame() {
        Client client = new Client(900);
        client.waits = false;
        pass(10_000);

        assertThat(memory.admits(500, false)).isFalse();
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void nobodyGivesUpForOneWhoHoldsMemoryAlready() {
        new Client(900);
        pass(10_000);

        assertThat(memory.admits(500, true)).isFalse();
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void whatIsBeyondTheLimitIsReclaimedWithoutBeingAskedFor() {
        Client client = new Client(1100);
        pass(50);
        assertThat(gaveUp).isEmpty();

        pass(50);
        pass(50);

        assertThat(gaveUp).containsExactly(client);
        assertThat(channel.runScheduledPendingTasks())
                .as("time to the next look")
                .isEqualTo(-1);
    }

    private final class Client implements BufferMemory.Holder {
        private long held;
        private long progress;
        private boolean waits = true;

        Client(long held) {
            this.held = held;
            memory.add(held);
            memory.watch(this);
        }

        @Override
        public long recount() {
            return held;
        }

        @Override
        public long progress() {
            return progress;
        }

        @Override
        public boolean waitsForPeer() {
            return waits && held > 0;
        }

        @Override
        public void giveUp() {
            gaveUp.add(this);
            memory.add(-held);
            held = 0;
        }
    }
}
