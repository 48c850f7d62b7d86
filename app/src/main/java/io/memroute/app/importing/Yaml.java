package io.memroute.app.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads YAML as twemproxy takes it: without anchors, and so without aliases. Scalars stay the texts that they are: what
 * is a number or a flag, the reader of a setting knows.
 */
final class Yaml {

    /** The deepest nesting of what is read: far more than twemproxy takes. */
    private static final int DEEPEST = 50;

    /** Far more than any list of servers has. */
    private static final int MOST_CHARACTERS = 64 << 20;

    private Yaml() {}

    /** @throws ImportException if the text is no YAML, has an anchor, or gives a key twice */
    static Node read(String text) {
        try {
            return new Compose(LoadSettings.builder()
                            .setCodePointLimit(MOST_CHARACTERS)
                            .build())
                    .composeString(text)
                    .map(node -> of(node, 0))
                    .orElseThrow(() -> new ImportException(0, "the file is empty"));
        } catch (MarkedYamlEngineException e) {
            throw new ImportException(
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ImportException(0, "not YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            // The library has no limit of its own.
            throw new ImportException(0, "nested too deeply");
        }
    }

    private static Node of(org.snakeyaml.engine.v2.nodes.Node node, int depth) {
        int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        if (depth > DEEPEST) {
            throw new ImportException(line, "nested too deeply");
        }
        node.getAnchor().ifPresent(anchor -> {
            throw new ImportException(line, "&" + anchor.getValue() + ": twemproxy takes no anchors and no aliases");
        });
        return switch (node) {
            case ScalarNode scalar -> new Node.Scalar(scalar.getValue(), !scalar.isPlain(), line);
            case SequenceNode sequence -> {
                List<Node> items = new ArrayList<>();
                sequence.getValue().forEach(item -> items.add(of(item, depth + 1)));
                yield new Node.Items(items, line);
            }
            case MappingNode mapping -> new Node.Fields(fields(mapping, depth), line);
            default -> throw new ImportException(line, "not a value: " + node.getNodeType());
        };
    }

    private static Map<String, Node> fields(MappingNode mapping, int depth) {
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = of(tuple.getKeyNode(), depth + 1);
            String name = key.asText()
                    .orElseThrow(() -> new ImportException(key.line(), "expected a name, got " + key.kind()));
            Node value = of(tuple.getValueNode(), depth + 1);
            // A setting is on the line of its name; so is an object that begins below it.
            Node placed = value instanceof Node.Scalar scalar
                    ? new Node.Scalar(scalar.text(), scalar.quoted(), key.line())
                    : value instanceof Node.Fields object ? new Node.Fields(object.fields(), key.line()) : value;
            if (fields.put(name, placed) != null) {
                throw new ImportException(key.line(), "\"" + name + "\" is given twice");
            }
        }
        return fields;
    }
}
