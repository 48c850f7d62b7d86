package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.ScriptedRoute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class MajorityRouteTest {

    private final ManualWorker worker = new ManualWorker();

    /** Replies arrive in the order written; the client has its reply after those before the bar. */
    @ParameterizedTest(name = "{0} of {1} children gives {3}")
    @CsvSource({
        "STORED;STORED, 3, STORED, STORED",
        "STORED;NOT_STORED;STORED, 3, '', STORED",
        "DELETED;NOT_FOUND;NOT_FOUND, 3, '', NOT_FOUND",
        "SERVER_ERROR 1;SERVER_ERROR 2, 3, STORED, SERVER_ERROR 2",
        "SERVER_ERROR 1;STORED;STORED, 3, '', STORED",
        "SERVER_ERROR 1;STORED;EXISTS, 3, '', SERVER_ERROR 1",
        "STORED;SERVER_ERROR 2;EXISTS, 3, '', SERVER_ERROR 2",
        "STORED;EXISTS;STORED;EXISTS, 4, '', STORED",
        "HD, 1, '', HD",
        "HD;EN, 2, '', EN",
        "HD;HD, 2, '', HD"
    })
    void answersWithWhatMoreThanHalfSayElseTheMostFrequentElseTheWorst(
            String replies, int children, String later, String expected) {
        ScriptedRoute[] each = ScriptedRoute.several(children);
        RecordedCall call = RecordedCall.of("mg key\r\n");
        new MajorityRoute(each, worker.get()).start(call);
        int child = 0;
        for (String reply : replies.split(";")) {
            assertThat(call.answers()).as("answers before child " + child).isEmpty();
            each[child++].reply(reply + "\r\n");
        }
        assertThat(call.answers()).containsExactly(expected + "\r\n");
        for (String reply : later.isEmpty() ? new String[0] : later.split(";")) {
            each[child++].reply(reply + "\r\n");
        }
        assertThat(call.answers()).hasSize(1);
        assertThat(call.holds()).isZero();
    }

    @Test
    void aLargeReplyThatMakesTheMajorityIsPassedOnAsItArrives() {
        ScriptedRoute[] each = ScriptedRoute.several(3);
        RecordedCall call = RecordedCall.of("mg key v\r\n");
        new MajorityRoute(each, worker.get()).start(call);
        each[0].begin("VA 6\r\n", 14).more("abcdef\r\n").end();
        each[1].begin("VA 6\r\n", 14).more("ghijkl\r\n").end();
        assertThat(call.answers()).containsExactly("[14:VA 6\r\nghijkl\r\n]");
    }
}
