package io.memroute.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see "docs/reference/route-library.md section 2.10" */
class NullRouteTest {

    @ParameterizedTest
    @CsvSource({
        "get key, END",
        "gets key, END",
        "gat 0 key, END",
        "gats 0 key, END",
        "set key 0 0 0, NOT_STORED",
        "add key 0 0 0, NOT_STORED",
        "replace key 0 0 0, NOT_STORED",
        "append key 0 0 0, NOT_STORED",
        "prepend key 0 0 0, NOT_STORED",
        "cas key 0 0 0 1, NOT_STORED",
        "incr key 1, NOT_FOUND",
        "decr key 1, NOT_FOUND",
        "touch key 1, NOT_FOUND",
        "delete key, NOT_FOUND",
        "mg key v, EN",
        "mg key v O123 k q, EN O123 kkey",
        "mg a2V5 b k t O1, EN ka2V5 b O1",
        "ms key 0 T10, NS",
        "ms key 0 k Oabc, NS kkey Oabc",
        "md key q O5, NF O5",
        "ma key N0, NF",
        "me key, EN"
    })
    void answersThatThereIsNothing(String request, String expected) {
        RecordedCall call = RecordedCall.of(request + "\r\n\r\n");
        new NullRoute().start(call);
        assertThat(call.answers()).containsExactly(expected + "\r\n");
    }
}
