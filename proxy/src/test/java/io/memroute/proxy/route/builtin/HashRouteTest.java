package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.route.ScriptedRoute;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashRouteTest {

    private static final int KEYS = 3000;

    private final ScriptedRoute[] children = {
        ScriptedRoute.answering("EN\r\n"), ScriptedRoute.answering("EN\r\n"), ScriptedRoute.answering("EN\r\n")
    };
    private final HashRoute route = new HashRoute(
            children,
            KeyDistributor.of(
                    KeySelection.DEFAULT,
                    List.of(new ServerName("1", 0), new ServerName("2", 0), new ServerName("3", 0))));

    @Test
    void everyChildGetsItsShareOfTheKeys() {
        for (int key = 0; key < KEYS; key++) {
            route.start(RecordedCall.of("mg key" + key + " v\r\n"));
        }
        for (ScriptedRoute child : children) {
            assertThat((double) child.asked().size() / KEYS).isCloseTo(1.0 / 3, within(0.04));
        }
    }

    @Test
    void everyCommandOfAKeyGoesToTheSameChild() {
        for (String command : List.of("mg key v\r\n", "get key\r\n", "ms key 1\r\nx\r\n", "delete key\r\n")) {
            route.start(RecordedCall.of(command));
        }
        assertThat(children).filteredOn(child -> child.asked().isEmpty()).hasSize(2);
    }
}
