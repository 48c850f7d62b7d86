package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.hash.KeyFraction;
import io.memroute.proxy.route.ScriptedRoute;
import io.memroute.proxy.route.choice.WeightedChoice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

public class WeightedRouteTest {

    private static final int KEYS = 100_000;

    private static long hash(int key) {
        ByteBuf buffer = Unpooled.copiedBuffer("user:" + key, StandardCharsets.US_ASCII);
        return KeyFraction.hash(buffer, 0, buffer.readableBytes());
    }

    private static WeightedChoice weighted(double... weights) {
        return new WeightedChoice(Arrays.stream(weights).boxed().toList());
    }

    private static double share(WeightedChoice route, int child) {
        int count = 0;
        for (int key = 0; key < KEYS; key++) {
            if (route.select(hash(key)) == child) {
                count++;
            }
        }
        return (double) count / KEYS;
    }

    @Test
    void everyChildGetsItsShare() {
        WeightedChoice route = weighted(1, 3, 6);
        assertThat(share(route, 0)).isCloseTo(0.1, within(0.005));
        assertThat(share(route, 1)).isCloseTo(0.3, within(0.006));
        assertThat(share(route, 2)).isCloseTo(0.6, within(0.006));
    }

    @Test
    void aChildOfWeightZeroGetsNothing() {
        assertThat(share(weighted(5, 0), 1)).isZero();
        assertThat(share(weighted(0, 5), 0)).isZero();
    }

    @Test
    void keysMoveOnlyToTheChildWhoseWeightGrows() {
        WeightedChoice before = weighted(90, 9, 1);
        WeightedChoice after = weighted(90, 9, 20);
        for (int key = 0; key < KEYS; key++) {
            long hash = hash(key);
            if (before.select(hash) != after.select(hash)) {
                assertThat(after.select(hash)).isEqualTo(2);
            }
        }
    }

    @Test
    void aKeyIsAlwaysSentToTheSameChild() {
        ScriptedRoute[] children = {ScriptedRoute.answering("EN\r\n"), ScriptedRoute.answering("EN\r\n")};
        WeightedRoute route = new WeightedRoute(children, weighted(1, 1));
        for (int i = 0; i < 100; i++) {
            route.start(RecordedCall.of("mg key" + i % 10 + "\r\n"));
        }
        assertThat(children[0].asked()).doesNotContainAnyElementsOf(children[1].asked());
        assertThat(children[0].asked()).isNotEmpty();
        assertThat(children[1].asked()).isNotEmpty();
    }
}
