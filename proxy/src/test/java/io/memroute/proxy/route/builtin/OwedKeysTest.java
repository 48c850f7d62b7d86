package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwedKeysTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OwedKeys owed = new OwedKeys("route_warm");

    private static OwedKeys.Key key(String text) {
        return new OwedKeys.Key(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), false);
    }

    @Test
    void aKeyWhoseChangeFailsWhileItIsDeletedIsOneDebt() {
        assertThat(owed.add(key("a"), 0)).isEqualTo(OwedKeys.Added.NEW);
        assertThat(owed.take(SECOND)).containsExactly(key("a"));
        assertThat(owed.add(key("a"), SECOND)).isEqualTo(OwedKeys.Added.KNOWN);
        assertThat(owed.tried(key("a"), true, SECOND)).isTrue();
        assertThat(owed.take(2 * SECOND)).containsExactly(key("a"));
        assertThat(owed.tried(key("a"), false, 2 * SECOND)).isFalse();
        assertThat(owed.isEmpty()).isTrue();
    }

    @Test
    void aDeletionThatComesBeforeTheLastChangeSettlesNothing() {
        owed.add(key("a"), 0);
        owed.take(SECOND);
        owed.add(key("a"), SECOND);
        assertThat(owed.tried(key("a"), false, SECOND)).isTrue();
        assertThat(owed.isEmpty()).isFalse();
        assertThat(owed.take(2 * SECOND)).containsExactly(key("a"));
    }

    @Test
    void aKnownKeyIsNotGivenUpForWantOfRoom() {
        for (int i = 0; i < OwedKeys.MOST_KEYS; i++) {
            assertThat(owed.add(key("k" + i), 0)).isEqualTo(OwedKeys.Added.NEW);
        }
        owed.take(SECOND);
        assertThat(owed.add(key("other"), SECOND)).isEqualTo(OwedKeys.Added.NO_ROOM);
        assertThat(owed.add(key("k0"), SECOND)).isEqualTo(OwedKeys.Added.KNOWN);
        assertThat(owed.add(key("k" + (OwedKeys.MOST_KEYS - 1)), SECOND)).isEqualTo(OwedKeys.Added.KNOWN);
    }
}
