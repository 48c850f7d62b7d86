package io.memroute.proxy.script.slot;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;

/** When slots of function generators are made, used again and let go. */
class SlotsTest {

    /** A generator whose function answers how many functions have been made, itself included. */
    private static final String COUNTING = """
            local made = 0
            local f = mcp.funcgen_new()
            f:ready{ f = function(rctx)
              made = made + 1
              if made > limit then error("no more") end
              return function(r) return "HD made" .. made .. "\\r\\n" end
            end }
            """;

    @Test
    void aHandleTakesTheSlotThatItsTargetHasMadeAlready() throws ConfigException {
        try (ScriptUnderTest proxy =
                ScriptUnderTest.start(ScriptUnderTest.withPools("local limit = 1\n" + COUNTING + """
                local top = mcp.funcgen_new()
                local h = top:new_handle(f)
                top:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                mcp.attach(mcp.CMD_MG, top)"""))) {
            proxy.expect("mg a v\r\nmg b v\r\n", "HD made1\r\nHD made1\r\n");
        }
    }

    @Test
    void aSlotIsMadeOnlyWhenAllAreBusy() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local made = 0
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          made = made + 1
                          return function(r)
                            rctx:enqueue_and_wait(r, h)
                            return "HD made" .. made .. "\\r\\n"
                          end
                        end }
                        mcp.attach(mcp.CMD_MG, f)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("mg a v\r\nmg b v\r\n");
                backend.expect("mg a v\r\nmg b v\r\n");
                backend.send("EN\r\nEN\r\n");
                client.expect("HD made2\r\nHD made2\r\n");
            }
        }
    }

    @Test
    void aGeneratorThatFailsForAFurtherSlotFailsThatRequestOnly() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local made = 0
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          made = made + 1
                          if made == 2 then return "no function" end
                          return function(r) return rctx:enqueue_and_wait(r, h) end
                        end }
                        mcp.attach(mcp.CMD_ANY_STORAGE, f)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\nset b 0 0 3\r\nabc\r\nmg c v\r\n");
            backend.expect("mg a v\r\nmg c v\r\n");
            backend.send("EN\r\nVA 1\r\nx\r\n");
            client.expect("EN\r\nSERVER_ERROR lua start failure\r\nVA 1\r\nx\r\n");
        }
    }
}
