package io.memroute.proxy.script.object;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code mcp.request} takes, and what not. */
class WrittenRequestTest {

    private static void expect(String expression, String value) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                local res = mcp.internal(mcp.request("mg none v\\r\\n"))
                local function show(...) return (tostring((...)):gsub("\\r", "\\\\r"):gsub("\\n", "\\\\n")) end
                local _, shown = pcall(function() return show(%s) end)
                return "HD [" .. show(shown) .. "]\\r\\n\"""".formatted(expression)))) {
            proxy.expect("set key 0 0 5\r\nhello\r\n", "HD [" + value + "]\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.request("mg a v\\r\\n"):raw_line();                   mg a v
            mcp.request("mg a F\\r\\n"):raw_line();                   mg a F
            mcp.request("version\\r\\n"):key();
            mcp.request("ms a 2\\r\\n", "hi\\r\\n"):raw_value();      hi\\r\\n
            mcp.request("ms a 0\\r\\n", "\\r\\n"):raw_value();        \\r\\n
            mcp.request("ms a 5\\r\\n", r):raw_value();               hello\\r\\n
            mcp.request("mg a v\\r\\n", res):raw_value();             nil
            mcp.request("ms a 5\\r\\n"):raw_value();                  nil
            mcp.request("mg " .. ("k"):rep(250) .. "\\r\\n"):ntokens(); 2
            """)
    void writesARequest(String expression, String value) throws ConfigException {
        expect(expression, value == null ? "" : value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.request("mg a v");                          request must end with \\r\\n
            mcp.request("mg a v\\n");                       request must end with \\r\\n
            mcp.request("");                                request must end with \\r\\n
            mcp.request("mg a v\\r\\nmd b\\r\\n");          failed to parse request
            mcp.request("mg a\\0 v\\r\\n");                 failed to parse request
            mcp.request("mg a\\r v\\r\\n");                 failed to parse request
            mcp.request("get a b\\r\\n");                   failed to parse request
            mcp.request("zz a\\r\\n");                      failed to parse request
            mcp.request("\\r\\n");                          failed to parse request
            mcp.request("mg " .. ("k"):rep(251) .. "\\r\\n"); failed to parse request
            mcp.request(("x"):rep(2047) .. "\\r\\n");       request length too long
            mcp.request("ms a 2\\r\\n", "hi");              value passed to mcp.request must end with \\r\\n
            mcp.request("ms a 3\\r\\n", "hi\\r\\n");        value passed to mcp.request is 2 bytes long, but the line \
            says 3
            mcp.request("mg a v\\r\\n", "hi\\r\\n");        value passed to mcp.request is 2 bytes long, but the line \
            says that there is none
            mcp.request("ms a 4\\r\\n", r);                 value passed to mcp.request is 5 bytes long, but the line \
            says 4
            """)
    void refusesWhatIsNoRequest(String expression, String error) throws ConfigException {
        expect(expression, error);
    }
}
