package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.config.library.McpTable;
import io.memroute.proxy.config.library.RouteLibrary;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.placement.ServerOptions;
import io.memroute.proxy.config.source.LuaValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The annotations with which editors complete and check configurations have the names that memroute reads, and no
 * others. A new name belongs into {@code app/src/main/assembly/lua-language-server}.
 */
class EditorAnnotationsTest {

    private static final Path ANNOTATIONS = Path.of("../app/src/main/assembly/lua-language-server");
    private static final Pattern FUNCTION = Pattern.compile("^function ([a-z_]+)\\(", Pattern.MULTILINE);
    private static final Pattern MCP_FUNCTION = Pattern.compile("^function mcp\\.([a-z_]+)\\(", Pattern.MULTILINE);
    private static final Pattern FIELD = Pattern.compile("^---@field ([a-z_]+)\\??", Pattern.MULTILINE);

    private static String file(String name) throws IOException {
        return Files.readString(ANNOTATIONS.resolve(name + ".lua"));
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The fields of a class of an annotation. */
    private static Set<String> fields(String file, String name) throws IOException {
        Pattern block = Pattern.compile(
                "^---@class (?:\\(exact\\) )?" + Pattern.quote(name) + "(?:: .*)?\n((?:---.*\n)*)", Pattern.MULTILINE);
        return matches(
                FIELD,
                block.matcher(file(file)).results().findFirst().orElseThrow().group(1));
    }

    private static Set<String> all(Iterable<String> names, String... more) {
        Set<String> all = new TreeSet<>(Arrays.asList(more));
        names.forEach(all::add);
        return all;
    }

    @Test
    void haveTheSettings() throws IOException {
        assertThat(fields("configuration", "memroute.settings")).isEqualTo(all(SettingsLayer.NAMES));
    }

    @Test
    void haveTheOptionsOfPools() throws IOException {
        assertThat(fields("configuration", "memroute.pool_options")).isEqualTo(all(PoolOptionsLayer.NAMES));
        assertThat(fields("configuration", "memroute.pool")).isEqualTo(all(PoolsReader.POOL_KEYS));
    }

    @Test
    void haveTheOptionsOfBackends() throws IOException {
        assertThat(fields("configuration", "memroute.backend_options")).isEqualTo(all(BackendOptions.names()));
        assertThat(fields("configuration", "memroute.backend"))
                .isEqualTo(all(ServerOptions.NAMES, "host", "source", "port", "label"));
        assertThat(fields("configuration", "memroute.tls")).isEqualTo(all(TlsReader.KEYS));
    }

    @Test
    void haveTheKeysOfRoutesAndTests() throws IOException {
        assertThat(fields("configuration", "memroute.routes")).isEqualTo(all(TreeReader.KEYS));
        assertThat(fields("configuration", "memroute.prefixes")).isEqualTo(all(PrefixRuleReader.KEYS));
        assertThat(fields("configuration", "memroute.test")).isEqualTo(all(TestsReader.KEYS));
        assertThat(fields("configuration", "memroute.commands")).isEqualTo(all(CommandsReader.NAMES));
    }

    @Test
    void haveTheFunctionsOfAConfiguration() throws IOException {
        Set<String> functions = new HashSet<>(RouteLibrary.functions());
        functions.removeIf(name -> name.startsWith("route_"));
        functions.remove("debug");
        assertThat(matches(FUNCTION, file("configuration"))).isEqualTo(all(functions));
    }

    @Test
    void haveTheTableOfTheProxy() throws IOException {
        LuaTable constants = new LuaTable();
        McpConstants.addTo(constants);
        Set<String> names = new TreeSet<>(McpTable.names());
        LuaValues.inOrder(constants)
                .forEach(entry -> names.remove(entry.plainKey().toString()));
        Set<String> annotated = new TreeSet<>(matches(MCP_FUNCTION, file("mcp")));
        annotated.addAll(fields("mcp", "mcp"));
        assertThat(annotated).isEqualTo(names);
    }
}
