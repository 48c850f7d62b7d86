package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.explain.render.CheckText;
import io.memroute.proxy.explain.render.Dot;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.OutlineText;
import io.memroute.proxy.explain.render.PlanText;
import io.memroute.proxy.explain.render.Svg;
import io.memroute.proxy.explain.render.WhyText;
import io.memroute.proxy.script.library.LibraryLoader;
import io.memroute.proxy.script.library.LuaRoutePlan;
import io.memroute.testkit.TemporaryFile;
import java.io.StringReader;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** Names, labels and keys that are meant for the terminal, the browser or the log file rather than for people. */
class HostileNamesTest {

    private static final ConfigHost HOST = new ConfigHost();

    private static final String LUA = """
            pools{
              ["p\\27[2J\\nforged: good"] = { backends = { { host = "127.0.0.1", port = 1, label = \
            "l\\27[31m\\nx<b>&größe" }, "127.0.0.1:2" } },
              ["unused\\27[2J\\nforged: good"] = { backends = { "127.0.0.1:1" } },
            }
            routes{
              map = { ["m\\u{202e}\\u{9b}2J"] = route_direct{ child = "p\\27[2J\\nforged: good" } },
              default = route_direct{ child = "p\\27[2J\\nforged: good" },
            }
            """;

    private static ConfigSource source(TemporaryFile file) {
        return ConfigSource.ofFile(file.toString());
    }

    private static ProxyConfig config(TemporaryFile file) throws ConfigException {
        return ConfigLoader.loadAll(source(file), HOST, LibraryLoader.withoutServer())
                .config();
    }

    private static void assertHarmless(String text) {
        assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
        assertThat(text.chars())
                .allMatch(c -> c == '\n' || c >= ' ' && c != 0x202e && c != 0x7f && !(c >= 0x80 && c < 0xa0));
    }

    @Test
    void doNothingInAnyOutput() throws Exception {
        try (TemporaryFile file = TemporaryFile.of(".lua", LUA);
                TemporaryFile other =
                        TemporaryFile.of(".lua", LUA.replace("größe", "other").replace("127.0.0.1:2", "127.0.0.1:3"))) {
            ProxyConfig config = config(file);
            Outline outline = Outline.of(config);
            Why why = new Why(Simulation.tryOut(LuaRoutePlan.plan(config, HOST)));
            String key = "k\u001b[2J\u009b\u202e" + "größe";
            Explanation explanation = why.explain(CommandLine.of("get " + key + " other\u001b[2J"), "", Set.of());
            for (String text : List.of(
                    OutlineText.of(file.toString(), outline),
                    Json.of(outline),
                    Dot.of(Drawing.of(outline)),
                    Svg.of(Drawing.of(outline)),
                    WhyText.of(explanation),
                    Json.of(explanation),
                    PlanText.of(Plan.compare(config, config(other), KeySample.generated(100))),
                    CheckText.of("name\u001b\nforged", Check.run(source(file), HOST)))) {
                assertHarmless(text);
            }
            assertThat(WhyText.of(explanation)).contains("k\\x1b[2J\\u009b\\u202egröße");
            assertThat(OutlineText.of("f", outline)).contains("p\\x1b[2J\\nforged: good", "größe");
        }
    }

    @Test
    void leaveADrawingTheXmlThatItIs() throws Exception {
        try (TemporaryFile file = TemporaryFile.of(".lua", LUA)) {
            String svg = Svg.of(Drawing.of(Outline.of(config(file))));
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(svg)))
                            .getDocumentElement()
                            .getTextContent())
                    .contains("l\\x1b[31m\\nx<b>&größe");
        }
    }

    @Test
    void doNothingInErrors() throws Exception {
        try (TemporaryFile file = TemporaryFile.of(".lua", LUA.replace("child = \"p", "child = \"q"))) {
            Check.Report report = Check.run(source(file), HOST);
            assertThat(report.errors()).isNotEmpty();
            assertHarmless(CheckText.of(file.toString(), report));
            assertThat(new ConfigException(report.errors()).getMessage().lines())
                    .hasSameSizeAs(report.errors());
        }
    }
}
