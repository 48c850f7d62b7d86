package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.explain.render.Dot;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.OutlineText;
import io.memroute.proxy.explain.render.Svg;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class OutlineTest {

    private static final Outline OUTLINE = Outline.of(ConfigFile.of("""
            pools{
              a = { backends = { "10.0.0.1:11211", { host = "10.0.0.2", readtimeout = 0.5, label = "<slow>" } } },
              b = { options = { seed = "s" }, backends = { "10.0.0.1:11211 _down_" } },
            }
            routes{
              map = { x = route_failover{ children = { near = "a", far = route_ttl{ ttl = 60, child = "b" } }, \
            local_zone = "near" } },
              default = route_direct{ child = "internal" },
            }
            """).load().config());

    @Test
    void showsEveryDefaultAsFarUpAsItIsCommon() {
        assertThat(ConfigFile.withoutDirectory(OutlineText.of("routes.lua", OUTLINE))
                        .replaceAll(" +", " "))
                .isEqualTo("""
                routes.lua
                ├─ settings active_req_limit = 0, buffer_memory_limit = default,
                │ allow_flush_all = false, merge_gets = true, miss_on_error = false
                ├─ all backends connections = 1, tls = false, tcpkeepalive = false, failurelimit = 3,
                │ depthlimit = 0, connecttimeout = 5, retrywaittime = 3, flaptime = 0.2,
                │ flapbackofframp = 1.5, flapbackoffmax = 60
                ├─ pools
                │ ├─ a routes.lua:2 dist = "jump_hash", hash = "xxhash",
                │ │ │ down = false
                │ │ ├─ 10.0.0.1:11211 readtimeout = 3
                │ │ └─ 10.0.0.2:11211 label = "<slow>", readtimeout = 0.5
                │ └─ b routes.lua:3 dist = "jump_hash", hash = "xxhash",
                │ │ seed = "s", down = true, readtimeout = 3
                │ └─ 10.0.0.1:11211
                └─ routes routes.lua:5 mode = "prefix", stop = "/"
                 ├─ map.x: failover routes.lua:6 miss = false, failover_count = 2,
                 │ │ shuffle = false
                 │ ├─ near: pool a
                 │ └─ far: ttl routes.lua:6 ttl = 60
                 │ └─ child: pool b
                 └─ default: direct routes.lua:7
                 └─ child: internal
                """);
    }

    @Test
    void writesRecordsAsJson() {
        assertThat(Json.of(OUTLINE.trees().getFirst().rules().getLast())
                        .replaceAll("\"file\" : \"[^\"]*\"", "\"file\" : \"routes.lua\""))
                .isEqualTo("""
                {
                  "name" : "default",
                  "route" : {
                    "handler" : "direct",
                    "where" : {
                      "file" : "routes.lua",
                      "line" : 7,
                      "column" : 13
                    },
                    "arguments" : { },
                    "children" : [
                      {
                        "role" : "child",
                        "target" : {
                          "kind" : "embedded"
                        }
                      }
                    ]
                  }
                }
                """);
        assertThat(Json.of(OUTLINE)).contains("\"readtimeout\" : 0.5", "\"label\" : \"<slow>\"");
    }

    @Test
    void drawsEveryPoolAndBackendOnce() {
        Drawing drawing = Drawing.of(OUTLINE);
        assertThat(drawing.nodes())
                .filteredOn(node -> node.kind() == Drawing.Kind.BACKEND)
                .extracting(Drawing.Node::title)
                .containsExactly("10.0.0.1:11211", "10.0.0.2:11211");
        assertThat(drawing.nodes())
                .filteredOn(node -> node.kind() == Drawing.Kind.POOL)
                .extracting(Drawing.Node::title)
                .containsExactly("a", "b");
        assertThat(Dot.of(drawing))
                .startsWith("digraph memroute {\n")
                .endsWith("}\n")
                .contains(
                        "label=\"failover\\nfailover_count 2\", style=rounded",
                        "[label=\"near\"]",
                        "label=\"internal\\nthe proxy's memory\"");
    }

    @Test
    void drawsBoxesThatDoNotOverlap() throws Exception {
        String svg = Svg.of(Drawing.of(OUTLINE));
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        NodeList boxes = document.getElementsByTagName("rect");
        // The first is the background.
        assertThat(boxes.getLength() - 1).isEqualTo(Drawing.of(OUTLINE).nodes().size());
        for (int i = 1; i < boxes.getLength(); i++) {
            for (int j = i + 1; j < boxes.getLength(); j++) {
                assertThat(overlap((Element) boxes.item(i), (Element) boxes.item(j)))
                        .isFalse();
            }
        }
        assertThat(svg).contains("&lt;slow&gt;");
    }

    private static boolean overlap(Element a, Element b) {
        return overlap(a, b, "x", "width") && overlap(a, b, "y", "height");
    }

    private static boolean overlap(Element a, Element b, String from, String extent) {
        double startA = Double.parseDouble(a.getAttribute(from));
        double startB = Double.parseDouble(b.getAttribute(from));
        return startA < startB + Double.parseDouble(b.getAttribute(extent))
                && startB < startA + Double.parseDouble(a.getAttribute(extent));
    }

    @Test
    void showsThatGetsMissWhereServersFail() {
        Outline outline = Outline.of(ConfigFile.of("""
                settings{ miss_on_error = true }
                pools{ a = { backends = { "10.0.0.1" } } }
                routes{ default = route_direct{ child = "a" } }
                routes{ tag = "t", miss_on_error = false, default = route_direct{ child = "a" } }
                """).load().config());
        assertThat(ConfigFile.withoutDirectory(OutlineText.of("routes.lua", outline))
                        .replaceAll(" +", " "))
                .contains("merge_gets = true, miss_on_error = true", "routes.lua:3 miss_on_error = true")
                .doesNotContain("routes.lua:4 miss");
    }
}
