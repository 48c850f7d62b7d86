package io.memroute.proxy.script.slot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How routers choose functions. */
class RouterObjectTest {

    private static String router(String arguments) {
        return ScriptUnderTest.withPools("""
                local function say(word)
                  local f = mcp.funcgen_new()
                  f:ready{ f = function() return function(r) return "HD " .. word .. "\\r\\n" end end }
                  return f
                end
                mcp.attach(mcp.CMD_ANY_STORAGE, mcp.router_new(%s))""".formatted(arguments));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            map = { foo = say('foo') }, default = say('other');                          mg foo/ v;      foo
            map = { foo = say('foo') }, default = say('other');                          mg foo/a v;     foo
            map = { foo = say('foo') }, default = say('other');                          mg foo v;       other
            map = { foo = say('foo') }, default = say('other');                          mg /foo v;      other
            map = { foo = say('foo') }, default = say('other');                          mg foox/a v;    other
            map = { foo = say('foo') }, stop = '##', default = say('other');             mg foo##a v;    foo
            map = { foo = say('foo') }, mode = 'anchor', default = say('other');         mg /foo/a v;    foo
            map = { foo = say('foo') }, mode = 'anchor', default = say('other');         mg //foo/x v;   other
            map = { foo = say('foo') }, mode = 'anchor', start = 'ab', stop = 'cd', default = say('other'); mg \
            abfoocd v; foo
            cmap = { [mcp.CMD_MG] = say('get') }, default = say('other');                mg a v;         get
            cmap = { [mcp.CMD_MG] = say('get') }, default = say('other');                md a;           other
            cmap = { [mcp.CMD_MG] = say('get'), [mcp.CMD_ANY_STORAGE] = say('any') };    md a;           any
            map = { p = { [mcp.CMD_MG] = say('pget') } }, cmap = { [mcp.CMD_MD] = say('del') }, default = \
            say('other'); mg p/a v; pget
            map = { p = { [mcp.CMD_MG] = say('pget') } }, cmap = { [mcp.CMD_MD] = say('del') }, default = \
            say('other'); md p/a;   del
            map = { p = { [mcp.CMD_MG] = say('pget') } }, cmap = { [mcp.CMD_MD] = say('del') }, default = \
            say('other'); ma p/a;   other
            map = { p = { [mcp.CMD_ANY_STORAGE] = say('pany') } }, cmap = { [mcp.CMD_MD] = say('del') };              \
              md p/a;   pany
            """)
    void choosesByPrefixAndCommand(String arguments, String request, String said) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(router("{ " + arguments + " }"))) {
            proxy.expect(request + "\r\n", "HD " + said + "\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"mg a v", "mg foo v", "md a"})
    void refusesWhatNothingIsFoundFor(String request) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(router("{ map = { foo = say('foo') } }"))) {
            proxy.expect(request + "\r\n", "SERVER_ERROR lua start failure\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            5;                                                       Must pass a table of arguments to mcp.router_new
            {};                                                      Must pass map and/or cmap to mcp.router_new
            { map = 5 };                                             Must pass a table to map argument of router_new
            { map = { a = 5 } };                                     unhandled data in router_new map
            { cmap = 5 };                                            Must pass a table to cmap argument of \
            mcp.router_new
            { cmap = { x = say('x') } };                             Non integer key in router command map in router_new
            { cmap = { [99] = say('x') } };                          Bad command in router command map in router_new
            { map = { a = say('x') }, mode = 'none' };               unknown type passed to mcp.router_new
            { map = { a = say('x') }, stop = 5 };                    must pass a string to stop in mcp.router_new
            { map = { a = say('x') }, stop = '' };                   must pass a non-zero length string to stop in \
            mcp.router_new
            { map = { a = say('x') }, stop = '123456' };             stop is too long in mcp.router_new
            { map = { a = say('x') }, mode = 'anchor', stop = '/' }; must specify start and stop if mode is anchor in \
            mcp.router_new
            """)
    void saysWhatIsWrongWithItsArguments(String arguments, String error) {
        assertThatThrownBy(() -> ScriptUnderTest.start(router(arguments)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mcp_config_routes: " + error);
    }
}
