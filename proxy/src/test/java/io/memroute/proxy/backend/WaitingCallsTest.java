package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Request;
import io.memroute.proxy.fairness.Tenant;
import io.memroute.proxy.fairness.Turns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that wait leave in turns. */
class WaitingCallsTest {

    private final Turns turns = new Turns(Runnable::run, Runnable::run, () -> {}, () -> 0);
    private final Tenant first = turns.connect("");
    private final Tenant second = turns.connect("");
    private final WaitingCalls waiting = new WaitingCalls();

    private void add(Tenant tenant, String... keys) {
        for (String key : keys) {
            waiting.add(RecordedCall.of("mg " + key + "\r\n").of(tenant));
        }
    }

    private List<String> removeAll() {
        List<String> keys = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Request request = waiting.remove().request();
            keys.add(request.buffer().toString(request.keyIndex(), request.keyLength(), StandardCharsets.US_ASCII));
        }
        return keys;
    }

    @Test
    void oneOfEachTenantLeavesInItsOrder() {
        add(first, "a1", "a2", "a3", "a4");
        add(second, "b1", "b2");
        assertThat(waiting.size()).isEqualTo(6);
        assertThat(removeAll()).containsExactly("a1", "b1", "a2", "b2", "a3", "a4");
    }

    @Test
    void aTenantHasCallsUntilItsLastHasLeft() {
        add(first, "a1");
        assertThat(waiting.has(first)).isTrue();
        assertThat(waiting.has(second)).isFalse();
        removeAll();
        assertThat(waiting.has(first)).isFalse();
        add(second, "b1");
        add(first, "a2");
        assertThat(removeAll()).containsExactly("b1", "a2");
    }
}
