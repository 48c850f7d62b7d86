package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.ScriptedRoute;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixesRouteTest {

    private final ScriptedRoute[] children = ScriptedRoute.several(5);
    private final PrefixesRoute route =
            new PrefixesRoute(children, new PrefixesRoute.Choice(List.of("a", "user:", "user:guest", "x")));

    @ParameterizedTest
    @CsvSource({"a, 0", "abc, 0", "user:1, 1", "user:guest, 2", "user:guests, 2", "user, 4", "b, 4", "x, 3"})
    void theLongestPrefixDecides(String key, int child) {
        route.start(RecordedCall.of("delete " + key + "\r\n"));
        for (int i = 0; i < children.length; i++) {
            assertThat(children[i].asked()).as("child " + i).hasSize(i == child ? 1 : 0);
        }
    }
}
