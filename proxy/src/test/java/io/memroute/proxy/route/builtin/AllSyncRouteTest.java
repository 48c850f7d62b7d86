package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.ScriptedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see "docs/reference/route-library.md section 2.5" */
public class AllSyncRouteTest {

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute[] children = ScriptedRoute.several(3);
    private final AllSyncRoute route = new AllSyncRoute(children, worker.get());
    private final RecordedCall call = RecordedCall.of("mg key v\r\n");

    @AfterEach
    void nothingIsKept() {
        assertThat(call.holds()).isZero();
        assertThat(worker.bufferedBytes()).isZero();
    }

    /** The rows of the table, each in every order of arrival that makes a difference. */
    @ParameterizedTest(name = "{0}, {1}, {2} arriving {4}: {3}")
    @CsvSource({
        "HD a, HD b, HD c, HD c, 012",
        "HD a, HD b, HD c, HD c, 210",
        "EN, HD b, HD c, HD c, 012",
        "EN, HD b, HD c, HD c, 201",
        "HD a, HD b, EN, EN, 012",
        "HD a, HD b, EN, EN, 201",
        "HD a, SERVER_ERROR 2, SERVER_ERROR 3, SERVER_ERROR 2, 012",
        "HD a, SERVER_ERROR 2, SERVER_ERROR 3, SERVER_ERROR 2, 210",
        "CLIENT_ERROR 1, HD b, HD c, CLIENT_ERROR 1, 120",
        "DELETED, DELETED, NOT_FOUND, NOT_FOUND, 012",
        "DELETED, DELETED, NOT_FOUND, NOT_FOUND, 201",
        "DELETED, SERVER_ERROR backend failure, DELETED, SERVER_ERROR backend failure, 021"
    })
    void takesTheFirstErrorElseTheLastChild(String first, String second, String third, String expected, String order) {
        String[] replies = {first, second, third};
        route.start(call);
        for (char child : order.toCharArray()) {
            assertThat(call.answers())
                    .as("answers before all children have answered")
                    .isEmpty();
            children[child - '0'].reply(replies[child - '0'] + "\r\n");
        }
        assertThat(call.answers()).containsExactly(expected + "\r\n");
    }

    @Test
    void asksEveryChildTheSame() {
        route.start(call);
        for (ScriptedRoute child : children) {
            assertThat(child.asked()).containsExactly("mg key v\r\n");
            child.reply("EN\r\n");
        }
    }

    @Test
    void passesALargeReplyOfTheLastChildOnIfItIsTheOnlyOneMissing() {
        route.start(call);
        children[0].reply("EN\r\n");
        children[1].reply("EN\r\n");
        children[2].begin("VA 6\r\n", 14).more("abc").more("def\r\n").end();
        assertThat(call.answers()).containsExactly("[14:VA 6\r\nabcdef\r\n]");
    }

    @Test
    void keepsALargeReplyOfTheLastChildUntilTheOthersHaveAnswered() {
        route.start(call);
        String value = "v".repeat(5000);
        children[2]
                .begin("VA 5000\r\n", 5011)
                .more(value.substring(0, 1000))
                .more(value.substring(1000) + "\r\n")
                .end();
        children[0].reply("EN\r\n");
        assertThat(worker.bufferedBytes()).isEqualTo(5011);
        children[1].reply("EN\r\n");
        assertThat(call.answers()).containsExactly("VA 5000\r\n" + value + "\r\n");
    }

    @Test
    void skipsALargeReplyOfAnotherChild() {
        route.start(call);
        children[0].begin("VA 6\r\n", 14).more("abcdef\r\n").end();
        children[1].reply("EN\r\n");
        children[2].reply("EN\r\n");
        assertThat(call.answers()).containsExactly("EN\r\n");
    }

    @Test
    void aReplyThatBreaksOffIsAnError() {
        route.start(call);
        children[0].begin("VA 6\r\n", 14).more("abc").breakOff();
        children[1].reply("EN\r\n");
        children[2].reply("EN\r\n");
        assertThat(call.answers()).containsExactly("SERVER_ERROR backend failure\r\n");
    }

    @Test
    void servesRequestAfterRequestWhileOthersAreOnTheirWay() {
        RecordedCall second = RecordedCall.of("mg second\r\n");
        route.start(call);
        route.start(second);
        for (int i = 0; i < 3; i++) {
            children[i].reply("HD first\r\n");
        }
        RecordedCall third = RecordedCall.of("mg third\r\n");
        route.start(third);
        for (int i = 0; i < 3; i++) {
            children[i].reply("HD second\r\n").reply("HD third\r\n");
        }
        assertThat(call.answers()).containsExactly("HD first\r\n");
        assertThat(second.answers()).containsExactly("HD second\r\n");
        assertThat(third.answers()).containsExactly("HD third\r\n");
    }
}
