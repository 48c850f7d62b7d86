package io.memroute.proxy.script.object;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts see of the flags of meta requests, and what servers get when scripts change them. */
class RequestFlagsTest {

    /** An expression over the request, what the client sends, and the expression's value. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            r:has_flag("v");                      mg abc v;                true
            r:has_flag("t");                      mg abc v;                false
            r:has_flag("v");                      get v;                   false
            r:has_flag("S");                      ms abc 0 F5;             false
            r:has_flag("F");                      ms abc 0 F5;             true
            r:flag_token("O");                    mg abc v;                false
            r:flag_token("v");                    mg abc v;                true
            select("#", r:flag_token("v"));       mg abc v;                1
            select(2, r:flag_token("O"));         mg abc Oxyz v;           xyz
            select(2, r:flag_token("O", nil));    mg abc Oxyz v;           xyz
            r:flag_token_int("N");                mg abc v;                false
            r:flag_token_int("v");                mg abc v;                false
            r:flag_token_int("O");                mg abc Ox;               true
            select("#", r:flag_token_int("O"));   mg abc Ox;               1
            select(2, r:flag_token_int("N"));     mg abc N30;              30
            select(2, r:flag_token_int("O"));     mg abc O-7;              -7
            """)
    void looksAtFlags(String expression, String request, String value) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                ScriptUnderTest.withFunction("return 'HD [' .. tostring((" + expression + ")) .. ']\\r\\n'"))) {
            proxy.expect(request + "\r\n" + (request.startsWith("ms") ? "\r\n" : ""), "HD [" + value + "]\r\n");
        }
    }

    /** A statement over the request, what the client sends, and what the server gets. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            assert(r:flag_add("O", "x"));            mg abc v;               mg abc v Ox
            assert(r:flag_add("F"));                 mg abc N50;             mg abc N50 F
            assert(r:flag_add("F", "1234"));         mg abc N50;             mg abc N50 F1234
            assert(r:flag_add("F", 5678));           mg abc N50;             mg abc N50 F5678
            assert(r:flag_add("O", 1.5));            mg abc;                 mg abc O1.5
            assert(r:flag_add("Z"));                 mg abc v;               mg abc v Z
            assert(r:flag_add("O", "a t"));          mg abc v;               mg abc v Oa t
            assert(not r:flag_add("v"));             mg abc v;               mg abc v
            assert(not r:flag_add("v"));             get abc;                get abc
            assert(not r:flag_add("O", "a v"));      mg abc v;               mg abc v
            assert(not r:flag_add("O", "a\\r\\nmd b"));  mg abc v;           mg abc v
            assert(not r:flag_add("O", "a\\nmd b"));     mg abc v;           mg abc v
            assert(not r:flag_add("O", "\\r"));          mg abc v;           mg abc v
            assert(not r:flag_add("O", "a\\0"));         mg abc v;           mg abc v
            assert(not r:flag_add("O", ("x"):rep(2048))); mg abc v;          mg abc v
            assert(not r:flag_add("b"));             mg abc v;               mg abc v
            assert(not r:flag_add("O", "a %"));      mg abc v;               mg abc v
            assert(r:flag_set("N", 30));             mg abc N1 v;            mg abc N30 v
            assert(r:flag_set("x"));                 mg abc x1 v;            mg abc x v
            assert(r:flag_set("O"));                 mg abc Ox T7 c;         mg abc O T7 c
            assert(r:flag_set("F"));                 mg abc N50;             mg abc N50 F
            assert(r:flag_set("N", "2"));            mg abc v;               mg abc v N2
            assert(not r:flag_set("N", "2\\r\\n"));  mg abc N1 v;            mg abc N1 v
            assert(r:flag_del("N"));                 mg abc N1 v;            mg abc v
            assert(r:flag_del("v"));                 mg abc N1 v;            mg abc N1
            assert(not r:flag_del("N"));             mg abc v;               mg abc v
            assert(r:flag_replace("N", "T", 9));     mg abc N1 v;            mg abc T9 v
            assert(r:flag_replace("N", "O"));        mg abc N1 v;            mg abc O v
            assert(r:flag_replace("N", "T", 9));     mg abc v;               mg abc v T9
            assert(not r:flag_replace("N", "v"));    mg abc N1 v;            mg abc N1 v
            assert(r:flag_replace("F", "O", "x"));   mg abc F v;             mg abc Ox v
            assert(r:flag_set("T", 30));             mg abc Tsoon;           mg abc T30
            r:flag_add("t");                         mg abc Tsoon;           mg abc Tsoon t
            assert(r:flag_token("N", "T5"));         mg abc N1 v;            mg abc T5 v
            assert(r:flag_token("N", ""));           mg abc N1 v;            mg abc v
            assert(not r:flag_token("N", "T5"));     mg abc v;               mg abc v
            local _, n = r:flag_token_int("O") assert(r:flag_set("O", n * 10 + 1)); mg abc O59; mg abc O591
            """)
    void changesFlags(String statement, String request, String sent) throws ConfigException {
        ScriptUnderTest.expectSent(statement, request, sent);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            r:has_flag("ab");               has_flag(): meta flag must be a single character
            r:has_flag("");                 has_flag(): meta flag must be a single character
            r:has_flag("1");                has_flag(): invalid flag, must be A-Z,a-z
            r:has_flag("{");                has_flag(): invalid flag, must be A-Z,a-z
            r:flag_token("ab");             has_flag(): meta flag must be a single character
            r:flag_token("1");              has_flag(): invalid flag, must be A-Z,a-z
            r:flag_token("v", "v\\r\\n");   token(): request malformed after edit
            r:flag_token("v", "N1 N1");     token(): request malformed after edit
            r:flag_token_int("ab");         has_flag(): meta flag must be a single character
            r:flag_add("ab");               request: meta flag must be a single character
            r:flag_add("1");                request: invalid flag, must be A-Z,a-z
            r:flag_add("T", {});            request: invalid flag argument
            r:flag_set("ab");               request: meta flag must be a single character
            r:flag_set("1");                request: invalid flag, must be A-Z,a-z
            r:flag_set("T", {});            request: invalid flag argument
            r:flag_replace("ab", "T");      request: meta flag must be a single character
            r:flag_replace("v", "1");       request: invalid flag, must be A-Z,a-z
            r:flag_replace("v", "T", true); request: invalid flag argument
            r:flag_del("ab");               request: meta flag must be a single character
            r:flag_del("1");                request: invalid flag, must be A-Z,a-z
            """)
    void saysWhatIsWrongWithACall(String statement, String error) throws ConfigException {
        try (ScriptUnderTest proxy =
                ScriptUnderTest.start(ScriptUnderTest.withFunction("local ok, message = pcall(function() " + statement
                        + " end) return 'HD ' .. tostring(message) .. '\\r\\n'"))) {
            proxy.expect("mg abc v\r\n", "HD " + error + "\r\n");
        }
    }

    @Test
    void changesTheFlagsOfAStoreAndKeepsItsValue() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        assert(r:flag_set("T", 60) and r:flag_add("F") and r:flag_del("q"))
                        return rctx:enqueue_and_wait(r, 0)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("ms k 5 T30 q\r\nhello\r\n");
            backend.expect("ms k 5 T60 F\r\nhello\r\n");
            backend.send("HD\r\n");
            client.send("mn\r\n");
            client.expect("MN\r\n");
        }
    }

    @Test
    void whatAServerSaysToAFlagItDoesNotTakeGoesToThatClientAndNobodyElse() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        if r:key() == "bad" then assert(r:flag_add("F")) end
                        return rctx:enqueue_and_wait(r, 0)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect();
                RawClient other = proxy.connect()) {
            client.send("mg bad v\r\n");
            backend.expect("mg bad v F\r\n");
            other.send("mg good v\r\n");
            backend.expect("mg good v\r\n");
            backend.send("CLIENT_ERROR bad command line format\r\nVA 1\r\nx\r\n");
            client.expect("CLIENT_ERROR bad command line format\r\n");
            other.expect("VA 1\r\nx\r\n");
        }
    }
}
