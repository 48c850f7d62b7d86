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
    private static final Pattern TEXT = Pattern.compile(
            "<text class=\"(?<kind>[a-z]+)\" x=\"(?<x>[0-9.]+)\" y=\"(?<y>[0-9.]+)\" text-anchor=\"(?<anchor>[a-z]+)\""
                    + " textLength=\"(?<w>[0-9.]+)\" lengthAdjust=\"spacingAndGlyphs\">(?<text>[^<]*)<");

    /** A text of a drawing, and where it stands. */
    private record Label(String kind, String text, Rectangle2D place) {

        private static List<Label> of(String svg) {
            List<Label> labels = new ArrayList<>();
            for (Matcher text = TEXT.matcher(svg); text.find(); ) {
                double width = Double.parseDouble(text.group("w"));
                double x = Double.parseDouble(text.group("x"));
                labels.add(new Label(
                        text.group("kind"),
                        text.group("text"),
                        new Rectangle2D.Double(
                                text.group("anchor").equals("end") ? x - width : x - width / 2,
                                Double.parseDouble(text.group("y")) - 9,
                                width,
                                11)));
            }
            assertThat(labels).as("each text has a width").hasSize(svg.split("<text ", -1).length - 1);
            return labels;
        }
    }

    private static List<Rectangle2D> boxes(String svg) {
        List<Rectangle2D> boxes = new ArrayList<>();
        for (Matcher box = BOX.matcher(svg); box.find(); ) {
            boxes.add(new Rectangle2D.Double(
                    Double.parseDouble(box.group("x")),
                    Double.parseDouble(box.group("y")),
                    Double.parseDouble(box.group("w")),
                    Double.parseDouble(box.group("h"))));
        }
        return boxes;
    }

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
        List<Label> labels = Label.of(svg);
        assertThat(labels.stream().filter(label -> label.kind().equals("role"))).hasSize(12 * 2 + 12 + 2);
        assertThat(boxes(svg)).hasSizeGreaterThan(20);
        standApart(svg);
    }

    @Test
    void wideLettersStayInTheirBoxes() {
        String wide = "W".repeat(28);
        String svg = Svg.of(drawing("""
                pools{ %1$s = { backends = { "10.0.0.1 %2$s", "10.0.0.2 %3$s" } } }
                routes{ default = route_split{ child_a = "%1$s", child_b = route_ttl{ ttl = 1, child = "%1$s" } } }
                """.formatted(wide, "M".repeat(32), "\u6f22".repeat(20))));
        // As wide as they are drawn: a W has 94 % of the font size in Helvetica, an M 83 %.
        assertThat(width(svg, wide)).isGreaterThan(28 * 0.94 * 13);
        assertThat(Label.of(svg).stream().map(Label::text)).anyMatch(text -> text.contains("M".repeat(32)));
        standApart(svg);
    }

    private static double width(String svg, String text) {
        return Label.of(svg).stream()
                .filter(label -> label.text().equals(text))
                .mapToDouble(label -> label.place().getWidth())
                .max()
                .orElseThrow();
    }

    /** No label is over another; roles are over no box, and titles and details in the middle of theirs. */
    private static void standApart(String svg) {
        List<Rectangle2D> boxes = boxes(svg);
        List<Label> labels = Label.of(svg);
        for (int i = 0; i < labels.size(); i++) {
            Rectangle2D place = labels.get(i).place();
            assertThat(labels.subList(i + 1, labels.size()).stream().map(Label::place))
                    .as(labels.get(i)::text)
                    .noneMatch(place::intersects);
            List<Rectangle2D> under = boxes.stream().filter(place::intersects).toList();
            if (labels.get(i).kind().equals("role")) {
                assertThat(under).isEmpty();
            } else {
                assertThat(under).singleElement().satisfies(box -> {
                    assertThat(place.getMinX()).isGreaterThan(box.getMinX() + 4);
                    assertThat(place.getMaxX()).isLessThan(box.getMaxX() - 4);
                });
            }
        }
    }
}
