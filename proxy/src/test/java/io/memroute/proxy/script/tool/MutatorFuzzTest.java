package io.memroute.proxy.script.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import org.junit.jupiter.api.Test;

/**
 * Mutators are given random bytes with everything that could end a line or begin another request. Whatever they write
 * is sent to a real server, and after each batch a key is read: were a reply too many or too few, or the connection
 * lost, it would not be found.
 */
class MutatorFuzzTest {

    private static final int BATCHES = 100;

    private static final String PROGRAM = """
            math.randomseed(20261122)
            local PIECES = { "a", "b", "\\r", "\\n", "\\0", " ", "\\r\\n", "0", "5", "-1", "T", "v", "O", "mg k v", \
            "ms x 5", "get", "ms", "md", "q",
              "\\127", "\\255", "N30", "noreply", "I", "b", "k", "99999999999" }
            local COMMANDS = { "mg", "ms", "md", "ma", "me", "get", "gets", "delete", "incr", "touch", "gat 0" }
            local function any(list) return list[math.random(#list)] end
            local function noise(most)
              local text = {}
              for i = 1, math.random(0, most) do text[i] = any(PIECES) end
              return table.concat(text)
            end

            function mcp_config_pools()
              mcp.add_stat(1, "sent")
              return mcp.pool{ mcp.backend("server", "127.0.0.1", %d) }
            end

            function mcp_config_routes(pool)
              local command, key, flag = { t = "cmdcopy", idx = 1 }, { t = "keycopy", idx = 2 }, { t = "flagcopy", \
            flag = "O", idx = 3 }
              local flags, value = { t = "flagcopyall", idx = 4 }, { t = "valcopy", idx = 5 }
              local get, store = { t = "cmdset", cmd = "mg" }, { t = "cmdset", cmd = "ms" }
              local mutators = {
                mcp.req_mutator_new(command, key, flag, flags), mcp.req_mutator_new(get, key, flags, flag),
                mcp.req_mutator_new(store, key, value, flags), mcp.req_mutator_new(store, value, key, flags),
                mcp.req_mutator_new(command, value, flags), mcp.req_mutator_new(command, key, value, flags),
              }
              local f = mcp.funcgen_new()
              local handles = {}
              for i = 1, 50 do handles[i] = f:new_handle(pool) end
              local witness = f:new_handle(pool)
              f:ready{ u = #handles, f = function(rctx)
                local blank = {}
                for i = 1, #handles do blank[i] = rctx:request_new() end
                return function(r)
                  local sent = 0
                  for i = 1, #handles do
                    local ok, said = pcall(any(mutators), blank[i], math.random() < 0.7 and any(COMMANDS) or \
            noise(3), noise(4), noise(2), noise(6), noise(5) .. "\\r\\n")
                    assert(ok or said:find("^mutator: "), said)
                    if ok and said ~= false and pcall(rctx.enqueue, rctx, blank[i], handles[i]) then
                      sent = sent + 1
                    end
                  end
                  rctx:enqueue(r, witness)
                  rctx:wait_handle(witness)
                  mcp.stat(1, sent)
                  return rctx:res_any(witness)
                end
              end }
              mcp.attach(mcp.CMD_MG, f)
            end""";

    @Test
    void nothingThatIsWrittenPutsAServersRepliesOutOfStep() throws ConfigException {
        try (MemcachedServer server = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(PROGRAM.formatted(server.port()));
                RawClient client = proxy.connect();
                RawClient direct = server.connect()) {
            direct.send("set witness 0 0 2\r\nhi\r\n");
            direct.expect("STORED\r\n");
            int connections = stat(direct, "stats", "total_connections");
            for (int i = 0; i < BATCHES; i++) {
                client.send("mg witness v k\r\n");
                client.expect("VA 2 kwitness\r\nhi\r\n");
            }
            assertThat(stat(client, "stats proxy", "user_sent"))
                    .as("requests that made sense")
                    .isGreaterThan(BATCHES);
            assertThat(stat(direct, "stats", "total_connections"))
                    .as("connections to the server")
                    .isEqualTo(connections);
        }
    }

    private static int stat(RawClient client, String command, String name) {
        client.send(command + "\r\n");
        String line = "STAT " + name + " ";
        return client.readUntil("END\r\n")
                .lines()
                .filter(stat -> stat.startsWith(line))
                .mapToInt(stat -> Integer.parseInt(stat.substring(line.length())))
                .findFirst()
                .orElseThrow();
    }
}
