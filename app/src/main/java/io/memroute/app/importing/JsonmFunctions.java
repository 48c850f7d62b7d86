package io.memroute.app.importing;

import io.memroute.app.importing.Jsonm.Arguments;
import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import io.memroute.app.importing.Node.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.regex.Pattern;

/** The functions of mcrouter's macros that an import knows. */
final class JsonmFunctions {

    private record Named(List<String> parameters, Function<Arguments, Node> body) {}

    private static final Map<String, Named> ALL = new LinkedHashMap<>();

    static {
        add("import", JsonmFunctions::imported, "path", "default");
        add(
                "if",
                call -> call.get(isTrue(call.get("condition"), call) ? "is_true" : "is_false"),
                "condition",
                "is_true",
                "is_false");
        add("define", call -> call.get("result"), "result");
        add("defined", call -> flag(call, call.isDefined(call.text("name"))), "name");
        add("merge", JsonmFunctions::merged, "params");
        add("select", JsonmFunctions::selected, "dictionary", "key", "default");
        add("equals", call -> flag(call, same(call.get("A"), call.get("B"))), "A", "B");
        add("less", call -> flag(call, number(call, "A") < number(call, "B")), "A", "B");
        add("and", call -> flag(call, isTrue(call.get("A"), call) && isTrue(call.get("B"), call)), "A", "B");
        add("or", call -> flag(call, isTrue(call.get("A"), call) || isTrue(call.get("B"), call)), "A", "B");
        add("not", call -> flag(call, !isTrue(call.get("A"), call)), "A");
        add("empty", call -> flag(call, size(call.get("dictionary")) == 0), "dictionary");
        add("size", call -> number(call, size(call.get("dictionary"))), "dictionary");
        add("contains", JsonmFunctions::contains, "dictionary", "key");
        add("keys", JsonmFunctions::keys, "dictionary");
        add("values", JsonmFunctions::values, "dictionary");
        add("range", JsonmFunctions::range, "from", "to");
        add("split", JsonmFunctions::split, "dictionary", "delim");
        add(
                "transform",
                JsonmFunctions::transformed,
                "dictionary",
                "itemTransform",
                "keyTransform",
                "itemName",
                "keyName");
        add("int", call -> number(call, number(call, "value")), "value");
        add("str", call -> new Scalar(call.text("value"), true, call.line()), "value");
        arithmetic("add", Math::addExact);
        arithmetic("sub", Math::subtractExact);
        arithmetic("mul", Math::multiplyExact);
        arithmetic("div", Math::divideExact);
        arithmetic("mod", Math::floorMod);
    }

    private JsonmFunctions() {}

    private static void add(String name, Function<Arguments, Node> body, String... parameters) {
        ALL.put(name, new Named(List.of(parameters), body));
    }

    private static void arithmetic(String name, LongBinaryOperator operator) {
        add(
                name,
                call -> {
                    try {
                        return number(call, operator.applyAsLong(number(call, "A"), number(call, "B")));
                    } catch (ArithmeticException e) {
                        throw new ImportException(call.line(), "@" + name + ": " + e.getMessage());
                    }
                },
                "A",
                "B");
    }

    static boolean isNamed(String name) {
        return ALL.containsKey(name);
    }

    /** The names of a function's parameters, in their order. */
    static Optional<List<String>> parameters(String name) {
        return Optional.ofNullable(ALL.get(name)).map(Named::parameters);
    }

    static String names() {
        return String.join(", ", ALL.keySet());
    }

    static Node call(String name, Arguments arguments) {
        return Objects.requireNonNull(ALL.get(name)).body().apply(arguments);
    }

    private static Node imported(Arguments call) {
        String path = call.text("path");
        return call.file(path.startsWith("file:") ? path.substring("file:".length()) : path)
                .orElseGet(() -> {
                    if (call.has("default")) {
                        return call.get("default");
                    }
                    throw new ImportException(call.line(), "@import: no such file: " + path);
                });
    }

    /** Items of a list, or names and values of an object, made of others. */
    private static Node transformed(Arguments call) {
        String key = call.has("keyName") ? call.text("keyName") : "key";
        String item = call.has("itemName") ? call.text("itemName") : "item";
        if (!(call.get("dictionary") instanceof Fields object)) {
            List<Node> items = new ArrayList<>();
            for (Node each : call.get("dictionary").asList()) {
                items.add(call.get("itemTransform", Map.of(key, number(call, items.size()), item, each)));
            }
            return new Items(items, call.line());
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        object.fields().forEach((name, value) -> {
            Node named = new Scalar(name, true, call.line());
            Map<String, Node> names = Map.of(key, named, item, value);
            Node keys = call.has("keyTransform") ? call.get("keyTransform", names) : named;
            for (Node each : keys.asList()) {
                fields.put(
                        each.asText()
                                .orElseThrow(() -> new ImportException(
                                        call.line(), "@transform: keyTransform: expected strings, got " + each.kind())),
                        call.has("itemTransform") ? call.get("itemTransform", names) : value);
            }
        });
        return new Fields(fields, call.line());
    }

    private static Node merged(Arguments call) {
        List<Node> parts = call.get("params").asList();
        if (parts.stream().allMatch(Fields.class::isInstance)) {
            Map<String, Node> fields = new LinkedHashMap<>();
            parts.forEach(part -> fields.putAll(((Fields) part).fields()));
            return new Fields(fields, call.line());
        }
        if (parts.stream().allMatch(Items.class::isInstance)) {
            return new Items(
                    parts.stream().flatMap(part -> part.asList().stream()).toList(), call.line());
        }
        throw new ImportException(call.line(), "@merge: expected objects only, or lists only");
    }

    private static Node selected(Arguments call) {
        Node from = call.get("dictionary");
        String key = call.text("key");
        Optional<Node> found = switch (from) {
            case Fields fields -> fields.get(key);
            case Items list -> {
                long place = number(call, "key");
                yield place >= 0 && place < list.items().size()
                        ? Optional.of(list.items().get((int) place))
                        : Optional.empty();
            }
            case Scalar scalar -> throw new ImportException(call.line(), "@select: expected an object or a list");
        };
        return found.orElseGet(() -> {
            if (call.has("default")) {
                return call.get("default");
            }
            throw new ImportException(call.line(), "@select: there is no \"" + key + "\"");
        });
    }

    private static Node contains(Arguments call) {
        String key = call.text("key");
        return flag(
                call,
                switch (call.get("dictionary")) {
                    case Fields fields -> fields.get(key).isPresent();
                    case Items list ->
                        list.items().stream()
                                .anyMatch(item ->
                                        item.asText().filter(key::equals).isPresent());
                    case Scalar text -> text.text().contains(key);
                });
    }

    private static Node keys(Arguments call) {
        List<Node> keys = new ArrayList<>();
        object(call).fields().keySet().forEach(name -> keys.add(new Scalar(name, true, call.line())));
        return new Items(keys, call.line());
    }

    private static Node values(Arguments call) {
        return new Items(List.copyOf(object(call).fields().values()), call.line());
    }

    private static Fields object(Arguments call) {
        if (call.get("dictionary") instanceof Fields fields) {
            return fields;
        }
        throw new ImportException(call.line(), "dictionary: expected an object");
    }

    private static Node range(Arguments call) {
        List<Node> numbers = new ArrayList<>();
        for (long i = number(call, "from"); i <= number(call, "to"); i++) {
            numbers.add(number(call, i));
            if (numbers.size() > 100_000) {
                throw new ImportException(call.line(), "@range: too many numbers");
            }
        }
        return new Items(numbers, call.line());
    }

    private static Node split(Arguments call) {
        List<Node> parts = new ArrayList<>();
        for (String part : call.text("dictionary").split(Pattern.quote(call.text("delim")), -1)) {
            parts.add(new Scalar(part, true, call.line()));
        }
        return new Items(parts, call.line());
    }

    private static int size(Node node) {
        return switch (node) {
            case Fields fields -> fields.fields().size();
            case Items list -> list.items().size();
            case Scalar text -> text.text().length();
        };
    }

    /** Arguments of a call in a text are texts, also where a number is meant. */
    private static boolean same(Node a, Node b) {
        return a.asText().isPresent()
                ? a.asText().equals(b.asText())
                : Jsonm.at(0, a).equals(Jsonm.at(0, b));
    }

    private static boolean isTrue(Node node, Arguments call) {
        return switch (node.asText().orElse("")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ImportException(call.line(), "expected true or false, got " + node.kind());
        };
    }

    private static long number(Arguments call, String name) {
        try {
            return Long.parseLong(call.text(name));
        } catch (NumberFormatException e) {
            throw new ImportException(
                    call.line(),
                    name + ": expected a whole number, got " + call.get(name).kind());
        }
    }

    private static Node flag(Arguments call, boolean value) {
        return new Scalar(Boolean.toString(value), false, call.line());
    }

    private static Node number(Arguments call, long value) {
        return new Scalar(Long.toString(value), false, call.line());
    }
}
