package io.memroute.proxy.script.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code mcp.attach} attaches where. */
class AttachmentsTest {

    private static String withFunctions(String statement) {
        return ScriptUnderTest.withPools("""
                local function saying(word)
                  local f = mcp.funcgen_new()
                  f:ready{ f = function() return function(r) return "HD " .. word .. "\\r\\n" end end }
                  return f
                end
                """ + statement);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.attach(mcp.CMD_MG);                          mcp.attach: must pass a function
            mcp.attach(mcp.CMD_MG, 5);                       mcp.attach: must pass a function
            mcp.attach(mcp.CMD_MG, {});                      mcp.attach: must pass a function
            mcp.attach("x", print);                          bad argument #1 to 'attach'
            mcp.attach(0, print);                            mcp.attach: 0 is not a command
            mcp.attach(-1, print);                           mcp.attach: -1 is not a command
            mcp.attach(mcp.CMD_END_STORAGE, print);          mcp.attach: 21 is not a command
            mcp.attach(35, print);                           mcp.attach: 35 is not a command
            mcp.attach(1 << 40, print);                      mcp.attach: 1099511627776 is not a command
            mcp.attach(mcp.CMD_MG, print, "");               mcp.attach: tag must be 1 to 8 characters
            mcp.attach(mcp.CMD_MG, print, "123456789");      mcp.attach: tag must be 1 to 8 characters
            """)
    void saysWhatIsWrongWithACall(String statement, String error) {
        assertThatThrownBy(() -> ScriptUnderTest.start(withFunctions(statement)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.attach(mcp.CMD_ANY, saying("any"));                                               mg a v;  HD any
            mcp.attach(mcp.CMD_ANY, saying("any"));                                               version; HD any
            mcp.attach(mcp.CMD_ANY, saying("any"));                                               mn;      MN
            mcp.attach(mcp.CMD_ANY_STORAGE, saying("storage"));                                   me a;    HD storage
            mcp.attach(mcp.CMD_ANY_STORAGE, saying("storage"));                                   mn;      MN
            mcp.attach(mcp.CMD_MN, saying("mn"));                                                 mn;      MN
            mcp.attach(mcp.CMD_MG, saying("get"));                                                md a;    NF
            mcp.attach(mcp.CMD_MG, saying("one")) mcp.attach(mcp.CMD_MG, saying("two"));          mg a v;  HD two
            mcp.attach(mcp.CMD_ANY_STORAGE, saying("all")) mcp.attach(mcp.CMD_MG, saying("get")); mg a v;  HD get
            mcp.attach(mcp.CMD_ANY_STORAGE, saying("all")) mcp.attach(mcp.CMD_MG, saying("get")); md a;    HD all
            local f = saying("same") mcp.attach(mcp.CMD_MG, f) mcp.attach(mcp.CMD_MG, f);         mg a v;  HD same
            mcp.attach(mcp.CMD_MG, saying("tagged"), "other");                                    mg a v;  EN
            mcp.attach(mcp.CMD_MG, function(r) return "HD plain\\\\r\\\\n" end);                  mg a v;  HD plain
            mcp.attach(mcp.CMD_MG, mcp.funcgen_new()); mg a v; SERVER_ERROR lua start failure
            """)
    void servesWhatIsAttached(String statements, String request, String reply) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withFunctions(statements.replace("\\\\", "\\")))) {
            proxy.expect(request + "\r\n", reply + "\r\n");
        }
    }

    @Test
    void attachesOnlyDuringALoad() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withFunctions("""
                mcp.attach(mcp.CMD_MG, function(r)
                  local _, message = pcall(mcp.attach, mcp.CMD_MD, print)
                  return "HD " .. message .. "\\r\\n"
                end)"""))) {
            proxy.expect("mg a v\r\n", "HD mcp.attach: only available while the configuration is loaded\r\n");
        }
    }

    @Test
    void whatALoadDoesNotAttachIsGone() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withFunctions("mcp.attach(mcp.CMD_MG, saying('one'))"))) {
            proxy.expect("mg a v\r\n", "HD one\r\n");
            proxy.reload(withFunctions("mcp.attach(mcp.CMD_MD, saying('two'))"));
            proxy.expect("mg a v\r\nmd a\r\n", "EN\r\nHD two\r\n");
        }
    }
}
