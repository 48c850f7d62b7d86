package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.call.FixedReply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.4.5",
                "1.4.39 (Ubuntu)",
                "1.5.22",
                "1.6.0",
                "1.6.0-beta1",
                "1.6.9",
                "1.6.9_3",
                "1.6.9 Ubuntu",
                "1.6.9 DFSG"
            })
    void knowsServersThatTakeTheValueOfAMetaSetForCommands(String version) {
        assertThat(precedesMetaSet(version)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.6.10", "1.6.18", "1.6.45", "1.7.0", "1.10.1", "1.60.1", "2.0.1", "1.6", "mcrouter 1"})
    void takesOthersForLaterOnes(String version) {
        assertThat(precedesMetaSet(version)).isFalse();
    }

    @Test
    void knowsDragonflyByItsName() {
        assertThat(precedesMetaSet("1.6.0 DF")).isFalse();
        assertThat(precedesMetaSet("1.5.0 DF")).as("an older one").isTrue();
    }

    private static boolean precedesMetaSet(String version) {
        return ServerVersion.precedesMetaSet(
                FixedReply.of(("VERSION " + version + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
