package io.memroute.app.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import io.memroute.app.importing.Node.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An import looks at everything that a file says: whatever changes in it, by a misspelt name or a value of another
 * type, is an error, or changes the configuration or the report.
 */
class SilentImportTest {

    /** Values that a setting may have by mistake. */
    private static final List<Node> MISTAKES = List.of(
            new Scalar("other", true, 0),
            new Scalar("0.3", false, 0),
            new Scalar("true", false, 0),
            new Scalar("false", false, 0),
            new Scalar("true", true, 0),
            new Scalar("null", false, 0),
            new Items(List.of(), 0),
            new Items(List.of(new Scalar("other", true, 0)), 0),
            new Fields(Map.of(), 0),
            new Fields(Map.of("other", new Scalar("1", false, 0)), 0));

    /** Settings that are reported as a whole, without what is in them, and lists that are as good as empty. */
    private static final List<String> WHOLE =
            List.of(".qos.", ".lease-get", ".pools.two", ".default_policy.failover_errors.deletes = []");

    @ParameterizedTest
    @MethodSource("io.memroute.app.importing.McrouterImportTest#files")
    void nothingInAFileOfMcrouterIsPassedOver(String name) throws IOException {
        Node file = Json.read(McrouterImportTest.resource(name + ".json"), new Report());
        assertThat(passedOver(file, node -> outcome(node, json -> McrouterImportTest.read(json))))
                .isEmpty();
    }

    @Test
    void nothingInAFileOfTwemproxyIsPassedOver() {
        Node file = Yaml.read("""
                alpha: { listen: "127.0.0.1:22121", hash: md5, hash_tag: "{}", distribution: modula, timeout: 400,
                  backlog: 512, client_connections: 100, preconnect: true, auto_eject_hosts: true, tcpkeepalive: true,
                  server_connections: 2, server_retry_timeout: 2000, server_failure_limit: 3, reuseport: false,
                  redis: false, servers: ["10.0.0.1:11211:1", "10.0.0.2:11211:2 b"] }
                beta: { listen: "127.0.0.1:22122", distribution: random, servers: ["10.0.1.1:11211:1",
                  "10.0.1.2:11211:1"] }
                """);
        // Quotes make no difference to twemproxy.
        assertThat(passedOver(file, node -> outcome(node, TwemproxyImport::read)))
                .filteredOn(what -> !what.endsWith(" = \"true\""))
                .isEmpty();
    }

    private static List<String> passedOver(Node file, Function<Node, String> outcome) {
        String before = outcome.apply(file);
        assertThat(before).contains("routes{");
        List<String> passedOver = new ArrayList<>();
        change(file, "", (changed, what) -> {
            if (WHOLE.stream().noneMatch(what::contains)
                    && outcome.apply(changed).equals(before)) {
                passedOver.add(what);
            }
        });
        return passedOver;
    }

    private static String outcome(Node node, Function<String, Imported> reader) {
        StringBuilder json = new StringBuilder();
        write(node, json);
        try {
            Imported imported = reader.apply(json.toString());
            return imported.lua("f", "mcrouter") + imported.report().text("f");
        } catch (ImportException e) {
            return e.at("f");
        }
    }

    private interface Changes {
        void add(Node changed, String what);
    }

    /** Every file that differs in one name or one value. */
    private static void change(Node node, String path, Changes changes) {
        for (Node mistake : MISTAKES) {
            if (!same(mistake, node)) {
                changes.add(mistake, path + " = " + text(mistake));
            }
        }
        switch (node) {
            case Scalar scalar -> {}
            case Items list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    int place = i;
                    change(list.items().get(i), path + "[" + i + "]", (changed, what) -> {
                        List<Node> items = new ArrayList<>(list.items());
                        items.set(place, changed);
                        changes.add(new Items(items, 0), what);
                    });
                }
            }
            case Fields object ->
                object.fields().forEach((key, value) -> {
                    changes.add(replaced(object, key, key + "_", value), path + "." + key + " misspelt");
                    change(
                            value,
                            path + "." + key,
                            (changed, what) -> changes.add(replaced(object, key, key, changed), what));
                });
        }
    }

    private static Fields replaced(Fields object, String key, String newKey, Node value) {
        Map<String, Node> fields = new LinkedHashMap<>();
        object.fields().forEach((each, its) -> {
            if (each.equals(key)) {
                fields.put(newKey, value);
            } else {
                fields.put(each, its);
            }
        });
        return new Fields(fields, 0);
    }

    private static boolean same(Node a, Node b) {
        return text(a).equals(text(b));
    }

    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        write(node, text);
        return text.toString();
    }

    /** All in one line: no finding is another because it moved. */
    private static void write(Node node, StringBuilder to) {
        switch (node) {
            case Scalar scalar ->
                to.append(scalar.quoted() ? "\"" + scalar.text().replace("\\", "\\\\") + "\"" : scalar.text());
            case Items list -> {
                to.append("[");
                list.items().forEach(comma(to, item -> write(item, to)));
                to.append("]");
            }
            case Fields object -> {
                to.append("{");
                object.fields().entrySet().forEach(comma(to, entry -> {
                    to.append('"').append(entry.getKey().replace("\\", "\\\\")).append("\":");
                    write(entry.getValue(), to);
                }));
                to.append("}");
            }
        }
    }

    private static <T> Consumer<T> comma(StringBuilder to, Consumer<T> writer) {
        int start = to.length();
        return each -> {
            if (to.length() > start) {
                to.append(',');
            }
            writer.accept(each);
        };
    }
}
