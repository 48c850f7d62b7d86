package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.explain.render.Svg;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DrawingTest {

    private static final Pattern BOX = Pattern.compile(
            "<rect class=\"box (?<kind>[a-z]+)\" x=\"(?<x>[0-9.]+)\" y=\"(?<y>[0-9.]+)\" width=\"(?<w>[0-9.]+)\""
                    + " height=\"(?<h>[0-9.]+)\"");
    private static final Pattern ROLE =
            Pattern.compile("<text class=\"role\" x=\"(?<x>[0-9.]+)\" y=\"(?<y>[0-9.]+)\"[^>]*>(?<text>[^<]*)<");

    /** Of a character of 10 px, in the fonts that the drawing asks for. */
    private static final double CHARACTER = 5.6;

    private static Drawing drawing(String config) {
        return Drawing.of(Outline.of(ConfigFile.of(config).load().config()));
    }

    private static List<String> routes(Drawing drawing) {
        return drawing.nodes().stream()
                .filter(node -> node.kind() == Drawing.Kind.ROUTE)
                .map(Drawing.Node::title)
                .toList();
    }

    @Test
    void drawsASharedRouteOnce() {
        Drawing drawing = drawing("""
                pools{ a = { backends = { "10.0.0.1" } }, b = { backends = { "10.0.0.2" } } }
                local brief = route_ttl{ ttl = 60, child = "b" }
                local both = route_failover{ children = { "a", brief } }
                routes{ map = { x = both, y = both }, cmap = { set = brief }, default = both }
                """);
        assertThat(routes(drawing)).containsExactly("failover", "ttl");
        assertThat(drawing.edges().stream()
                        .filter(edge -> drawing.nodes().get(edge.to()).title().equals("failover")))
                .hasSize(3);
    }

    @Test
    void drawsRoutesThatDifferApart() {
        assertThat(routes(drawing("""
                pools{ a = { backends = { "10.0.0.1" } } }
                local function brief(seconds) return route_ttl{ ttl = seconds, child = "a" } end
                routes{
                  cmap = { set = brief(60), add = brief(60), cas = brief(90) },
                  default = route_direct{ child = "a" },
                }
                """))).containsExactlyInAnyOrder("ttl", "ttl", "direct");
    }

    @Test
    void writesNoLabelOverAnotherOrOverABox() {
        StringBuilder children = new StringBuilder();
        StringBuilder routes = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            routes.append("p")
                    .append(i)
                    .append(" = route_failover{ children = { near = \"a\", [\"a-zone-with-a-name-")
                    .append(i)
                    .append("\"] = route_ttl{ ttl = ")
                    .append(i + 1)
                    .append(", child = \"b\" } }, local_zone = \"near\" },\n");
            children.append("z").append(i).append(" = \"b\", ");
        }
        String svg = Svg.of(drawing("""
                pools{ a = { backends = { "10.0.0.1", "10.0.0.2" } }, b = { backends = { "10.0.0.3" } } }
                routes{
                  map = { %s },
                  cmap = { set = route_allsync{ children = { %s } } },
                  default = route_split{ child_a = "a", child_b = "a" },
                }
                """.formatted(routes, children)));
        List<Rectangle2D> roles = new ArrayList<>();
        for (Matcher role = ROLE.matcher(svg); role.find(); ) {
            double width = role.group("text").length() * CHARACTER;
            roles.add(new Rectangle2D.Double(
                    Double.parseDouble(role.group("x")) - width, Double.parseDouble(role.group("y")) - 9, width, 11));
        }
        List<Rectangle2D> boxes = new ArrayList<>();
        for (Matcher box = BOX.matcher(svg); box.find(); ) {
            boxes.add(new Rectangle2D.Double(
                    Double.parseDouble(box.group("x")),
                    Double.parseDouble(box.group("y")),
                    Double.parseDouble(box.group("w")),
                    Double.parseDouble(box.group("h"))));
        }
        assertThat(roles).hasSize(12 * 2 + 12 + 2);
        assertThat(boxes).hasSizeGreaterThan(20);
        for (int i = 0; i < roles.size(); i++) {
            Rectangle2D role = roles.get(i);
            assertThat(roles.subList(i + 1, roles.size())).noneMatch(role::intersects);
            assertThat(boxes).noneMatch(role::intersects);
        }
    }
}
