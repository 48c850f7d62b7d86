package io.memroute.proxy.script.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mcp.server_stats}. */
class StatsTableTest {

    private final ClockedHost host = new ClockedHost();

    /** What an expression about the statistics {@code s} of a section gives. */
    private String value(String section, String reply, String expression) throws ConfigException {
        host.statsReply = reply;
        ScriptPlan plan = host.load("""
                function mcp_config_pools()
                  local s = mcp.server_stats(%s)
                  value = tostring(%s)
                end""".formatted(section, expression));
        return ((LuaString) plan.state.lua.global("value")).toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            nil;        s.uptime;                    12
            ;           s.uptime;                    12
            'settings'; s.uptime .. type(s.uptime);  12string
            'proxy';    s['items:1:number'];         7
            'items';    s['items:1:number'];         nil
            'items';    s[1].number .. s[2].number;  78
            'slabs';    s.uptime .. s[1].number;     127
            'conns';    s[23].addr;                  tcp:127.0.0.1:5
            """)
    void valuesAreTextsByNameAndThoseOfNumberedThingsByNumber(String section, String expression, String expected)
            throws ConfigException {
        assertThat(value(section == null ? "" : section, """
                STAT uptime 12\r
                STAT items:1:number 7\r
                STAT items:2:number 8\r
                STAT 23:addr tcp:127.0.0.1:5\r
                END\r
                """, expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"settings", "conns", "extstore", "proxy", "proxyfuncs", "proxybe", "items", "slabs", "sizes"})
    void asksForTheSectionOfThatName(String section) throws ConfigException {
        assertThat(value("'" + section + "'", "STAT asked SECTION\r\nEND\r\n", "s.asked"))
                .isEqualTo(section);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "detail", "prox", ""})
    void otherSectionsAreAnError(String section) {
        assertThatThrownBy(() -> value("'" + section + "'", "", "1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown subcommand passed to server_stats");
    }

    @Test
    void aRunningServerGivesItsOwnFromTheFirstLoadOn() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                function mcp_config_pools()
                  mcp.add_stat(1, "mine")
                  local general, settings, proxy = mcp.server_stats(), mcp.server_stats("settings"), \
                mcp.server_stats("proxy")
                  return table.concat({ general.threads, general.proxy_config_reloads, settings.proxy_enabled, \
                proxy.cmd_mg }, ",")
                end
                function mcp_config_routes(text)
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t" .. text .. "\\r\\n" end)
                end""", options -> options.workers(2))) {
            try (RawClient client = proxy.connect()) {
                client.send("mg a v\r\n");
                client.expect("HD t2,1,yes,0\r\n");
            }
        }
    }

    @Test
    void connectionsAndTheStoreAreNumbered() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                function mcp_config_pools()
                  local listening
                  for number, connection in pairs(mcp.server_stats("conns")) do
                    if connection.state == "conn_listening" then listening = connection.addr end
                  end
                  local items, slabs = mcp.server_stats("items"), mcp.server_stats("slabs")
                  return table.concat({ tostring(listening), items[1] and items[1].number or "none",
                    slabs[1] and slabs[1].cmd_set or "none", slabs.active_slabs }, " ")
                end
                function mcp_config_routes(text)
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t" .. text .. "\\r\\n" end)
                end""")) {
            // Listening sockets are bound before the first configuration is read.
            proxy.expect(
                    "mg a v\r\nset k 0 0 1\r\nx\r\n",
                    "HD ttcp:127.0.0.1:" + proxy.port() + " none none 0\r\nSTORED\r\n");
            try {
                assertThat(proxy.reload(Files.readString(proxy.file())).failure())
                        .isEmpty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            proxy.expect("mg a v\r\n", "HD ttcp:127.0.0.1:" + proxy.port() + " 1 1 1\r\n");
        }
    }

    @Test
    void aClientSeesItsOwnConnection() throws ConfigException {
        try (ScriptUnderTest proxy =
                        ScriptUnderTest.start("function mcp_config_pools() end function mcp_config_routes() end");
                RawClient client = proxy.connect()) {
            client.send("stats conns\r\n");
            assertThat(client.readUntil("END\r\n"))
                    .containsPattern(
                            "STAT (\\d+):addr tcp:127\\.0\\.0\\.1:\\d+\r\nSTAT \\1:listen_addr tcp:127\\.0\\.0\\.1:"
                                    + proxy.port() + "\r\nSTAT \\1:state conn_read\r\n");
        }
    }
}
