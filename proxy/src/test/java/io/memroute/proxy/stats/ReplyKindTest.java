package io.memroute.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyKindTest {

    @ParameterizedTest
    @CsvSource({
        "GET, VALUE, HIT",
        "GET, END, MISS",
        "GATS, VALUE, HIT",
        "MG, VA, HIT",
        "MG, HD, HIT",
        "MG, EN, MISS",
        "ME, ME, HIT",
        "ME, EN, MISS",
        "SET, STORED, STORED",
        "ADD, NOT_STORED, NOT_STORED",
        "CAS, EXISTS, EXISTS",
        "CAS, NOT_FOUND, NOT_FOUND",
        "MS, HD, STORED",
        "MS, NS, NOT_STORED",
        "MS, EX, EXISTS",
        "MS, NF, NOT_FOUND",
        "DELETE, DELETED, OK",
        "DELETE, NOT_FOUND, NOT_FOUND",
        "MD, HD, OK",
        "MD, NF, NOT_FOUND",
        "INCR, NUMBER, OK",
        "DECR, NOT_FOUND, NOT_FOUND",
        "MA, HD, OK",
        "MA, VA, OK",
        "MA, NF, NOT_FOUND",
        "TOUCH, TOUCHED, OK",
        "GET, SERVER_ERROR, ERROR",
        "SET, CLIENT_ERROR, ERROR",
        "MS, ERROR, ERROR",
        "GET, VERSION, ERROR"
    })
    void hasTheWordsOfMemcachedForClassicAndMeta(Command command, ReplyType type, ReplyKind kind) {
        assertThat(ReplyKind.of(command, type)).isEqualTo(kind);
    }
}
