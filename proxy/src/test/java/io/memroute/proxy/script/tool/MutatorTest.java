package io.memroute.proxy.script.tool;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mutators write, what they refuse to write, and what they refuse to be made of. */
class MutatorTest {

    /** Steps, the arguments behind the new request, what the client sends, and what the server gets. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "other" };                r;              mg a v;     \
               mg other
            { t = "cmdset", cmd = "get" }, { t = "keycopy", idx = 1 };                    r;              mg a v;     \
               get a
            { t = "cmdset", cmd = "gat 30" }, { t = "keycopy", idx = 1 };                 r;              gat 5 a;    \
               gat 30 a
            { t = "cmdcopy", idx = 1 }, { t = "keycopy", idx = 2 };                       "md", "other";  mg a v;     \
               md other
            { t = "cmdcopy", idx = 1 }, { t = "keycopy", idx = 1 };                       r;              mg a v;     \
               mg a
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = 12 }, { t = "flagset", flag = "v" }; r;   mg a;       \
               mg 12 v
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagset", flag = "N", val = 30 }; r; mg \
            a; mg k N30
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagset", flag = "O", val = "x" }; r; \
            mg a; mg k Ox
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "O", idx = 1 }; r; mg \
            a Oxy; mg k Oxy
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "v", idx = 1 }; r; mg \
            a v; mg k v
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "v", idx = 1 }; r; mg \
            a; mg k
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "v", idx = 1 }; nil; \
            mg a; mg k
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "v", idx = 1 }; \
            false; mg a; mg k
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "v", idx = 1 }; true; \
            mg a; mg k v
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "O", idx = 1 }; "id"; \
            mg a; mg k Oid
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "v", idx = 1 }; ""; \
            mg a; mg k v
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopyall", idx = 1 };  "v t Ox";  mg \
            a; mg k v t Ox
            { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopyall", idx = 1 };  "";        mg \
            a; mg k
            """)
    void writesARequest(String steps, String arguments, String request, String sent) throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(withMutator(
                        "req",
                        steps,
                        "assert(write(blank, " + arguments + ") == nil) return rctx:enqueue_and_wait(blank, 0)",
                        server));
                ScriptedBackend.Connection backend = server.accept()) {
            // Twice, so that the slot's blank request is used again.
            for (int i = 0; i < 2; i++) {
                try (RawClient client = proxy.connect()) {
                    client.send(request + "\r\n");
                    backend.expect(sent + "\r\n");
                    String miss = ScriptUnderTest.missOf(sent);
                    backend.send(miss);
                    client.expect(miss);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            "hi\\r\\n";                 hi
            "\\r\\n";                   ''
            ("x"):rep(12345) .. "\\r\\n"; *
            r;                          value
            other;                      stored
            """)
    void copiesAValue(String source, String value) throws ConfigException {
        String steps = """
                { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k" }, { t = "valcopy", idx = 1 }, { t = \
                "flagset", flag = "T", val = 9 }""";
        String expected = value.equals("*") ? "x".repeat(12345) : value;
        String body = """
                mcp.internal(mcp.request("ms o 6\\r\\n", "stored\\r\\n"))
                local other = mcp.internal(mcp.request("mg o v\\r\\n"))
                assert(write(blank, %s) == nil)
                return rctx:enqueue_and_wait(blank, 0)""".formatted(source);
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(withMutator("req", steps, body, server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("set a 0 0 5\r\nvalue\r\n");
            backend.expect("ms k " + expected.length() + " T9\r\n" + expected + "\r\n");
            backend.send("HD\r\n");
            client.expect("HD\r\n");
        }
    }

    /** Steps, arguments behind the new response, and what the client gets. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            { t = "rescodeset", val = "HD" };                                             r;                  HD|
            { t = "rescodecopy", idx = 1 };                                               "NF";               NF|
            { t = "rescodecopy", idx = 1 };                                               stored;             HD|
            { t = "rescodecopy", idx = 1 }, { t = "valcopy", idx = 2 };                   "VA", "hello\\r\\n"; VA \
            5|hello|
            { t = "rescodecopy", idx = 1 }, { t = "valcopy", idx = 1 };                   hit;                VA 2|hi|
            { t = "rescodecopy", idx = 1 }, { t = "valcopy", idx = 1 }, { t = "flagcopyall", idx = 1 }; hit;  VA 2 \
            t-1 Oq f0|hi|
            { t = "rescodeset", val = "HD" }, { t = "flagcopy", flag = "O", idx = 1 };    hit;                HD Oq|
            { t = "rescodeset", val = "HD" }, { t = "flagcopy", flag = "s", idx = 1 };    hit;                HD|
            { t = "rescodeset", val = "HD" }, { t = "flagcopy", flag = "O", idx = 1 };    r;                  HD Oreq|
            { t = "rescodeset", val = "HD" }, { t = "flagset", flag = "t", val = 37 };    r;                  HD t37|
            { t = "rescodeset", val = "HD" }, { t = "flagcopyall", idx = 1 };             "s5 O1";            HD s5 O1|
            { t = "resnull", idx = 1 };                                                   r;                  EN|
            { t = "resnull", idx = 1 };                                                   mcp.request("ms a 0\\r\\n", \
            "\\r\\n"); NS|
            { t = "resnull", idx = 1 };                                                   mcp.request("md a\\r\\n");  \
            NF|
            { t = "resnull", idx = 1 };                                                   mcp.request("ma a\\r\\n");  \
            NF|
            { t = "resnull", idx = 1 };                                                   mcp.request("get a\\r\\n"); \
            END|
            { t = "resnull", idx = 1 };                                                   mcp.request("gats 0 \
            a\\r\\n"); END|
            { t = "resnull", idx = 1 };                                                   mcp.request("add a 0 0 \
            0\\r\\n", "\\r\\n"); NOT_STORED|
            { t = "resnull", idx = 1 };                                                   mcp.request("cas a 0 0 0 \
            1\\r\\n", "\\r\\n"); NOT_STORED|
            { t = "resnull", idx = 1 };                                                   mcp.request("incr a \
            1\\r\\n"); NOT_FOUND|
            { t = "resnull", idx = 1 };                                                   mcp.request("touch a \
            1\\r\\n"); NOT_FOUND|
            { t = "reserr", code = "error" };                                             r;                  ERROR|
            { t = "reserr", code = "error", msg = "no" };                                 r;                  ERROR no|
            { t = "reserr", code = "server", msg = "tea pot" };                           r;                  \
            SERVER_ERROR tea pot|
            { t = "reserr", code = "client", msg = 5 };                                   r;                  \
            CLIENT_ERROR 5|
            { t = "rescodeset", val = "VALUE a 0" }, { t = "valcopy", idx = 1 };          "hi\\r\\n";         VALUE a \
            0 2|hi|END|
            """)
    void writesAResponse(String steps, String arguments, String reply) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withMutator("res", steps, ON_HIT.formatted(arguments)))) {
            proxy.expect("mg a v Oreq\r\n", reply.replace("|", "\r\n"));
        }
    }

    private static final String ON_HIT = """
            local stored = mcp.internal(mcp.request("ms h 2\\r\\n", "hi\\r\\n"))
            local hit = mcp.internal(mcp.request("mg h v t Oq f\\r\\n"))
            assert(write(blank, %s) == nil)
            return blank""";

    /** What a step cannot use is told with false, and nothing is written. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            req; { t = "cmdcopy", idx = 1 }, { t = "keyset", val = "k" };                        5
            req; { t = "cmdcopy", idx = 1 }, { t = "keyset", val = "k" };                        nil
            req; { t = "cmdcopy", idx = 1 }, { t = "keyset", val = "k" };                        ""
            req; { t = "cmdcopy", idx = 2 }, { t = "keyset", val = "k" };                        "mg"
            req; { t = "cmdcopy", idx = 1 }, { t = "keyset", val = "k" };                        res
            req; { t = "cmdcopy", idx = 1 }, { t = "keyset", val = "k" };                        "mg x\\r\\n"
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };                       "k\\nquit"
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };                       "k\\r"
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };                       "k\\0x"
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };                       ""
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };                       res
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };                       mcp.request("mn\\r\\n")
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "O", idx = 1 }; 5
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "O", idx = 2 }; \
            true
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "O", idx = 1 }; \
            "x\\r\\nflush_all"
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "O", idx = 1 }; \
            mcp.request("get a\\r\\n")
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopy", flag = "O", idx = 1 }; \
            classic
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopyall", idx = 1 };          r
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopyall", idx = 1 };          res
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagcopyall", idx = 1 };          \
            "v\\n"
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k" }, { t = "valcopy", idx = 1 };              \
            "no line end"
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k" }, { t = "valcopy", idx = 1 };              \
            "\\n"
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k" }, { t = "valcopy", idx = 1 };              5
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k" }, { t = "valcopy", idx = 1 };              r
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k" }, { t = "valcopy", idx = 1 };              res
            res; { t = "rescodecopy", idx = 1 };                                                 5
            res; { t = "rescodecopy", idx = 1 };                                                 r
            res; { t = "rescodecopy", idx = 1 };                                                 classic
            res; { t = "rescodecopy", idx = 1 };                                                 "HD\\r\\nHD"
            res; { t = "resnull", idx = 1 };                                                     "mg"
            res; { t = "resnull", idx = 1 };                                                     res
            res; { t = "resnull", idx = 1 };                                                     mcp.request("me \
            a\\r\\n")
            """)
    void refusesWhatAStepCannotUse(String of, String steps, String arguments) throws ConfigException {
        String body = """
                local res = mcp.internal(r)
                local classic = mcp.internal(mcp.request("get none\\r\\n"))
                return "HD " .. tostring(write(blank, %s)) .. " " .. select('#', write(blank, %s)) .. "\\r\\n" """;
        try (ScriptUnderTest proxy =
                ScriptUnderTest.start(withMutator(of, steps, body.formatted(arguments, arguments)))) {
            proxy.expect("mg absent v\r\n", "HD false 1\r\n");
        }
    }

    /** What would not be one request or one reply is an error, and nothing is written. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            req; { t = "cmdset", cmd = "mg" };                                              r;  mutator: failed to \
            parse new request
            req; { t = "cmdset", cmd = "nosuch" }, { t = "keyset", val = "k" };             r;  mutator: failed to \
            parse new request
            req; { t = "keyset", val = "k" }, { t = "cmdset", cmd = "mg" };                 r;  mutator: failed to \
            parse new request
            req; { t = "cmdset", cmd = "get" }, { t = "keyset", val = "a b" };              r;  mutator: failed to \
            parse new request
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };   ("k"):rep(251);    mutator: failed to \
            parse new request
            req; { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 };   ("k"):rep(2048);   mutator: new request \
            is too long
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagset", flag = "v" }, { t = \
            "flagcopy", flag = "v", idx = 1 }; true; mutator: failed to parse new request
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k" }, { t = "flagset", flag = "v" };         r; \
             mutator: failed to parse new request
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k 5" };                               r;  \
            mutator: the line of the new request says that the value is 5 bytes long, but there is none
            req; { t = "cmdset", cmd = "mg" }, { t = "keyset", val = "k" }, { t = "flagset", flag = "O" }, { t = \
            "valcopy", idx = 1 };  "x\\r\\n";  mutator: the line of the new request says that there is no value, but \
            it is 1 bytes long
            req; { t = "cmdset", cmd = "ms" }, { t = "keyset", val = "k 5 O" }, { t = "valcopy", idx = 1 };  \
            "x\\r\\n";  mutator: the line of the new request says that the value is 5 bytes long, but it is 1 bytes long
            res; { t = "rescodeset", val = "VA" };                                          r;  mutator: failed to \
            parse new result
            res; { t = "rescodeset", val = "what" };                                        r;  mutator: failed to \
            parse new result
            res; { t = "rescodeset", val = "VA 5" };                                        r;  mutator: the line of \
            the new result says that the value is 5 bytes long, but there is none
            res; { t = "rescodeset", val = "HD" }, { t = "valcopy", idx = 1 };       "x\\r\\n"; mutator: the line of \
            the new result says that there is no value, but it is 1 bytes long
            """)
    void refusesToWriteWhatIsNotOneRequestOrReply(String of, String steps, String arguments, String error)
            throws ConfigException {
        String body = """
                local ok, why = pcall(write, blank, %s)
                return "HD " .. tostring(ok) .. " " .. tostring(why) .. "\\r\\n" """;
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withMutator(of, steps, body.formatted(arguments)))) {
            proxy.expect("mg absent v\r\n", "HD false " + error + "\r\n");
        }
    }

    @Test
    void doesNotReplaceWhatHasAValue() throws ConfigException {
        String body = """
                local first = tostring((write(r, "x")))
                return "HD " .. first .. " " .. select(2, pcall(write, mcp.request("ms k 1\\r\\n", "v\\r\\n"), "x")) \
                .. " " .. r:key() .. "\\r\\n" """;
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                withMutator("req", "{ t = 'cmdset', cmd = 'mg' }, { t = 'keycopy', idx = 1 }", body))) {
            proxy.expect("mg k v\r\n", "HD nil mutator: request has already been rendered x\r\n");
        }
    }

    @Test
    void writesAResponseOnce() throws ConfigException {
        String body = """
                write(blank)
                return "HD " .. select(2, pcall(write, blank)) .. "\\r\\n" """;
        try (ScriptUnderTest proxy =
                ScriptUnderTest.start(withMutator("res", "{ t = 'rescodeset', val = 'HD' }", body))) {
            proxy.expect("mg k v\r\n", "HD mutator: result has already been rendered\r\n");
        }
    }

    @Test
    void mayWriteOverTheRequestItCopies() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(withMutator(
                        "req",
                        "{ t = 'cmdset', cmd = 'get' }, { t = 'keycopy', idx = 1 }",
                        "write(r, r) return rctx:enqueue_and_wait(r, 0)",
                        server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg abc v\r\n");
            backend.expect("get abc\r\n");
            backend.send("VALUE abc 0 1\r\nx\r\nEND\r\n");
            client.expect("VALUE abc 0 1\r\nx\r\nEND\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.req_mutator_new();                                        mutator failed to initialize, no steps given
            mcp.req_mutator_new{ t = "none" };                            mutator step 1: step incompatible with \
            mutator type
            mcp.req_mutator_new{ t = "resnull" };                         mutator step 1: step incompatible with \
            mutator type
            mcp.res_mutator_new{ t = "cmdset", cmd = "mg" };              mutator step 1: step incompatible with \
            mutator type
            mcp.req_mutator_new({ t = "cmdset", cmd = "mg" }, {});        mutator step 2: must provide 't' argument
            mcp.req_mutator_new{ t = "cmdset" };                          mutator step 1: must provide 'cmd' argument
            mcp.req_mutator_new{ t = "cmdset", cmd = ("x"):rep(21) };     mutator step 1: 'cmd' too long
            mcp.req_mutator_new{ t = "cmdset", cmd = {} };                mutator step 1: 'cmd' must have nonzero length
            mcp.req_mutator_new{ t = "cmdset", cmd = "mg\\n" };           mutator step 1: 'cmd' must not contain a \
            line end or a zero byte
            mcp.req_mutator_new{ t = "cmdcopy" };                         mutator step 1: must provide 'idx' argument
            mcp.req_mutator_new{ t = "cmdcopy", idx = "1" };              mutator step 1: must provide 'idx' argument \
            as an integer
            mcp.req_mutator_new{ t = "cmdcopy", idx = 1.5 };              mutator step 1: must provide 'idx' argument \
            as an integer
            mcp.req_mutator_new{ t = "cmdcopy", idx = 0 };                mutator step 1: 'idx' argument must be \
            greater than 0
            mcp.req_mutator_new{ t = "keyset" };                          mutator step 1: must provide 'val' argument
            mcp.req_mutator_new{ t = "keyset", val = "" };                mutator step 1: 'val' must have nonzero length
            mcp.req_mutator_new{ t = "keyset", val = "a\\0b" };           mutator step 1: 'val' must not contain a \
            line end or a zero byte
            mcp.req_mutator_new{ t = "keycopy" };                         mutator step 1: must provide 'idx' argument
            mcp.res_mutator_new{ t = "rescodeset" };                      mutator step 1: must provide 'val' argument
            mcp.res_mutator_new{ t = "rescodecopy" };                     mutator step 1: must provide 'idx' argument
            mcp.res_mutator_new{ t = "resnull" };                         mutator step 1: must provide 'idx' argument
            mcp.res_mutator_new{ t = "reserr" };                          mutator step 1: must provide 'code' argument
            mcp.res_mutator_new{ t = "reserr", code = "x" };              mutator step 1: code must be 'error', \
            server', or 'client'
            mcp.res_mutator_new{ t = "reserr", code = {} };               mutator step 1: code must be 'error', \
            server', or 'client'
            mcp.res_mutator_new{ t = "reserr", code = "server", msg = "" };  mutator step 1: 'msg' must be a nonzero \
            length string
            mcp.res_mutator_new{ t = "reserr", code = "server", msg = "a\\r\\nb" };  mutator step 1: 'msg' must not \
            contain a line end or a zero byte
            mcp.req_mutator_new{ t = "flagset" };                         mutator step 1: must provide 'flag' argument
            mcp.req_mutator_new{ t = "flagset", flag = "vv" };            mutator step 1: 'flag' must be a single \
            character
            mcp.req_mutator_new{ t = "flagset", flag = "1" };             mutator step 1: 'flag' must be alphanumeric
            mcp.req_mutator_new{ t = "flagset", flag = "v", val = {} };   mutator step 1: unsupported type for 'val'
            mcp.req_mutator_new{ t = "flagset", flag = "v", val = "\\n" }; mutator step 1: 'val' must not contain a \
            line end or a zero byte
            mcp.req_mutator_new{ t = "flagcopy", idx = 1 };               mutator step 1: must provide 'flag' argument
            mcp.req_mutator_new{ t = "flagcopy", flag = "v" };            mutator step 1: must provide 'idx' argument
            mcp.req_mutator_new{ t = "flagcopyall" };                     mutator step 1: must provide 'idx' argument
            mcp.req_mutator_new{ t = "valcopy" };                         mutator step 1: must provide 'idx' argument
            mcp.req_mutator_new({ t = "valcopy", idx = 1 }, { t = "valcopy", idx = 2 });  mutator step 2: there can \
            be only one value
            mcp.req_mutator_new(5);                                       bad argument #1 to 'req_mutator_new' (table \
            expected, got number)
            mcp.req_mutator_new{ t = "cmdset", cmd = "mg" }();            (invalid argument to mutator object)
            mcp.res_mutator_new{ t = "rescodeset", val = "HD" }(mcp.request("mg a\\r\\n"));  (invalid argument to \
            mutator object)
            """)
    void saysWhatIsWrong(String statement, String error) {
        assertThatThrownBy(() -> ScriptUnderTest.start(ScriptUnderTest.withPools("local made = " + statement))
                        .close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(error);
    }

    /**
     * {@code write} is the mutator, {@code blank} an object of the slot for it; {@code body} is that of the function
     * {@code (r)}.
     */
    private static String withMutator(String of, String steps, String body, ScriptedBackend... backends) {
        String made = of.equals("req") ? "request" : "response";
        return ScriptUnderTest.withPools("""
                local write = mcp.%s_mutator_new(%s)
                local f = mcp.funcgen_new()
                if p.p1 then f:new_handle(p.p1) end
                f:ready{ u = 1, f = function(rctx)
                  local blank = rctx:%s_new()
                  return function(r) %s end
                end }
                mcp.attach(mcp.CMD_ANY_STORAGE, f)""".formatted(of, steps, made, body), backends);
    }
}
