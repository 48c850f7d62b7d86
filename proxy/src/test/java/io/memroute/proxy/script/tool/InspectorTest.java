package io.memroute.proxy.script.tool;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What inspectors find in requests and responses, and what they refuse to be made of. */
class InspectorTest {

    /** A step, a request, and the results as text. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            { t = "sepkey" };                              mg sep/a/b v;       sep
            { t = "sepkey", pos = 2 };                     mg sep/a/b v;       a
            { t = "sepkey", pos = 2.0 };                   mg sep/a/b v;       a
            { t = "sepkey", pos = 3 };                     mg sep/a/b v;       b
            { t = "sepkey", pos = 4 };                     mg sep/a/b v;       nil
            { t = "sepkey", pos = 2 };                     mg sep/ v;          nil
            { t = "sepkey", pos = 2 };                     mg sep//b v;        nil
            { t = "sepkey", pos = 3 };                     mg sep//b v;        b
            { t = "sepkey", pos = 1 };                     mg ///sep/b v;      sep
            { t = "sepkey", pos = 1 };                     mg /// v;           nil
            { t = "sepkey", pos = 1 };                     mg sep v;           sep
            { t = "sepkey", pos = 2, sep = ":" };          get a:b/c:d;        b/c
            { t = "sepkey", sep = 0 };                     get a0b;            a
            { t = "sepkey", map = { a = 7 } };             get a/b;            7
            { t = "sepkey", map = { a = 7 } };             get b/b;            nil
            { t = "sepkey" };                              gat 30 a/b;         a
            { t = "keybegin", str = "ab" };                mg abc v;           true
            { t = "keybegin", str = "abc" };               mg abc v;           false
            { t = "keybegin", str = "abcd" };              mg abc v;           false
            { t = "keybegin", str = "b" };                 mg abc v;           false
            { t = "keybegin", str = 12 };                  mg 123 v;           true
            { t = "keyis", str = "abc" };                  mg abc v;           true
            { t = "keyis", str = "ab" };                   mg abc v;           false
            { t = "keyis", str = "abd" };                  mg abc v;           false
            { t = "hasflag", flag = "v" };                 mg abc v;           true
            { t = "hasflag", flag = "t" };                 mg abc v;           false
            { t = "hasflag", flag = "v" };                 get v;              false
            { t = "flagtoken", flag = "O" };               mg abc v Oxy;       true,xy
            { t = "flagtoken", flag = "v" };               mg abc v Oxy;       true,
            { t = "flagtoken", flag = "t" };               mg abc v Oxy;       false,nil
            { t = "flagint", flag = "N" };                 mg abc N30;         true,30
            { t = "flagint", flag = "T" };                 mg abc T-1;         true,-1
            { t = "flagint", flag = "O" };                 mg abc O3x;         true,nil
            { t = "flagint", flag = "O" };                 mg abc O-;          true,nil
            { t = "flagint", flag = "O" };                 mg abc O9223372036854775807;  true,9223372036854775807
            { t = "flagint", flag = "O" };                 mg abc O9223372036854775808;  true,nil
            { t = "flagint", flag = "O" };                 mg abc O-9223372036854775808; true,-9223372036854775808
            { t = "flagint", flag = "O" };                 mg abc O-9223372036854775809; true,nil
            { t = "flagint", flag = "v" };                 mg abc v;           true,nil
            { t = "flagint", flag = "N" };                 mg abc v;           false,nil
            { t = "flagis", flag = "O", str = "xy" };      mg abc Oxy;         true,true
            { t = "flagis", flag = "O", str = "x" };       mg abc Oxy;         true,false
            { t = "flagis", flag = "O", str = "x" };       mg abc O;           true,false
            { t = "flagis", flag = "O", str = "x" };       mg abc v;           false,nil
            { t = "keyis", str = "a" }, { t = "flagint", flag = "N" }, { t = "sepkey" }; mg a N5; true,true,5,a
            """)
    void looksAtARequest(String steps, String request, String results) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withInspector("req", steps, "r"))) {
            proxy.expect(request + "\r\n", "HD [" + (results == null ? "" : results) + "]\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            { t = "hasflag", flag = "f" };                 HD f1 t;            true
            { t = "hasflag", flag = "s" };                 HD f1 t;            false
            { t = "hasflag", flag = "s" };                 EN;                 false
            { t = "flagtoken", flag = "f" };               HD f1 t;            true,1
            { t = "flagtoken", flag = "t" };               HD f1 t;            true,
            { t = "flagtoken", flag = "O" };               STORED;             false,nil
            { t = "flagint", flag = "f" };                 HD f1 t;            true,1
            { t = "flagint", flag = "f" };                 STORED;             false,nil
            { t = "flagis", flag = "O", str = "ab" };      NF Oab;             true,true
            { t = "flagis", flag = "O", str = "ab" };      STORED;             false,nil
            """)
    void looksAtAResponse(String steps, String reply, String results) throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy =
                        ScriptUnderTest.start(withInspector("res", steps, "rctx:enqueue_and_wait(r, 0)", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            String request = switch (reply) {
                case "STORED" -> "set a 0 0 1\r\nx\r\n";
                case "EN" -> "mg a\r\n";
                case "NF Oab" -> "md a Oab\r\n";
                default -> "md a\r\n";
            };
            client.send(request);
            backend.expect(request);
            backend.send(reply + "\r\n");
            client.expect("HD [" + results + "]\r\n");
        }
    }

    @Test
    void looksBehindTheLengthOfAValue() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withInspector(
                "res",
                "{ t = 'flagtoken', flag = 'O' }, { t = 'flagint', flag = 't' }, { t = 'hasflag', flag = 'c' }",
                "mcp.internal(r)"))) {
            proxy.expect("mg absent v t Oq\r\n", "HD [true,q,false,nil,false]\r\n");
            proxy.expect("ms a 2\r\nhi\r\n", "HD [false,nil,false,nil,false]\r\n");
            proxy.expect("mg a v t Oq\r\n", "HD [true,q,true,-1,false]\r\n");
        }
    }

    @Test
    void asksOfAClassicResponseWhetherItHasAFlag() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                withInspector("res", "{ t = 'hasflag', flag = 'f' }", "select(2, pcall(mcp.internal, r))"))) {
            proxy.expect("get a\r\n", "SERVER_ERROR lua failure\r\n");
        }
    }

    @Test
    void looksIntoTheMapAsItIsThen() throws ConfigException {
        String lua = ScriptUnderTest.withPools("""
                local map = {}
                local piece = mcp.req_inspector_new{ t = "sepkey", map = map }
                mcp.attach(mcp.CMD_MG, function(r)
                  local seen = piece(r)
                  map[r:key()] = "seen"
                  return "HD " .. tostring(seen) .. "\\r\\n"
                end)""");
        try (ScriptUnderTest proxy = ScriptUnderTest.start(lua)) {
            proxy.expect("mg a v\r\nmg a v\r\nmg b v\r\n", "HD nil\r\nHD seen\r\nHD nil\r\n");
        }
    }

    @Test
    void givesNothingWithoutSteps() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withInspector("req", "", "r"))) {
            proxy.expect("mg a v\r\n", "HD []\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.req_inspector_new{ t = "none" };                          inspector step 1: step incompatible with \
            inspector type
            mcp.req_inspector_new{ t = {} };                              inspector step 1: step incompatible with \
            inspector type
            mcp.res_inspector_new{ t = "sepkey" };                        inspector step 1: step incompatible with \
            inspector type
            mcp.res_inspector_new{ t = "keyis", str = "a" };              inspector step 1: step incompatible with \
            inspector type
            mcp.req_inspector_new({ t = "sepkey" }, {});                  inspector step 2: must provide 't' argument
            mcp.req_inspector_new{ t = "sepkey", sep = "ab" };            inspector step 1: separator must be one \
            character
            mcp.req_inspector_new{ t = "sepkey", sep = {} };              inspector step 1: separator must be one \
            character
            mcp.req_inspector_new{ t = "sepkey", pos = "1" };             inspector step 1: 'pos' must be an integer \
            of at least 1
            mcp.req_inspector_new{ t = "sepkey", pos = 0 };               inspector step 1: 'pos' must be an integer \
            of at least 1
            mcp.req_inspector_new{ t = "sepkey", map = "a" };             inspector step 1: 'map' must be a table
            mcp.req_inspector_new{ t = "hasflag" };                       inspector step 1: must provide 'flag' argument
            mcp.req_inspector_new{ t = "hasflag", flag = "ab" };          inspector step 1: 'flag' must be a single \
            character
            mcp.req_inspector_new{ t = "hasflag", flag = "1" };           inspect step 1: 'flag' must be alphanumeric
            mcp.req_inspector_new{ t = "flagis", flag = "O" };            inspector step 1: must provide 'str' argument
            mcp.req_inspector_new{ t = "flagis", flag = "O", str = "" };  inspector step 1: 'str' must have nonzero \
            length
            mcp.req_inspector_new{ t = "keybegin" };                      inspector step 1: must provide 'str' argument
            mcp.req_inspector_new{ t = "keyis", str = true };             inspector step 1: 'str' must have nonzero \
            length
            mcp.req_inspector_new(5);                                     bad argument #1 to 'req_inspector_new' \
            (table expected, got number)
            mcp.res_inspector_new{ t = "hasflag", flag = "f" }(5);        (invalid argument to inspector object)
            mcp.req_inspector_new()(nil);                                 (invalid argument to inspector object)
            mcp.res_inspector_new()(mcp.request("mg a\\r\\n"));           (invalid argument to inspector object)
            """)
    void saysWhatIsWrong(String statement, String error) {
        assertThatThrownBy(() -> ScriptUnderTest.start(ScriptUnderTest.withPools("local made = " + statement))
                        .close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(error);
    }

    private static String withInspector(String of, String steps, String subject, ScriptedBackend... backends) {
        return """
                local function texts(...)
                  local all = table.pack(...)
                  for i = 1, all.n do all[i] = tostring(all[i]) end
                  return "HD [" .. table.concat(all, ",") .. "]\\r\\n"
                end
                local made
                """
                + ScriptUnderTest.withFunction(
                        "made = made or mcp." + of + "_inspector_new(" + steps + ") return texts(made(" + subject
                                + "))",
                        backends);
    }
}
