package io.memroute.app.importing;

import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import io.memroute.app.importing.Node.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Expands the macros of mcrouter's files: {@code %name%} in texts, calls such as {@code "@name(a, b)"}, objects whose
 * {@code type} is a macro, {@code vars}, and the functions of {@link JsonmFunctions}. What an expansion makes is on the
 * line of the text that it is made of; what an imported file has, on that of the import.
 */
final class Jsonm {

    /** The depth to which mcrouter goes, which ends macros that call themselves. */
    private static final int DEEPEST = 250;

    private final Map<String, Macro> macros = new HashMap<>();
    private final Function<String, Optional<String>> files;
    private final Report report;
    private int depth;

    private Jsonm(Function<String, Optional<String>> files, Report report) {
        this.files = files;
        this.report = report;
    }

    /** A value that is expanded when it is asked for, with the names that hold where it stands. */
    private record Lazy(Node node, Scope scope) {}

    /** Names and their values. */
    private record Scope(Map<String, Lazy> names, Optional<Scope> outer) {

        private Optional<Lazy> find(String name) {
            Lazy found = names.get(name);
            return found != null ? Optional.of(found) : outer.flatMap(scope -> scope.find(name));
        }
    }

    private record Parameter(String name, Optional<Node> value, boolean optional) {}

    private record Macro(List<Parameter> parameters, Node result) {}

    /** The arguments of a call. Each is expanded when a function asks for it. */
    final class Arguments {

        private final String function;
        private final int line;
        private final Map<String, Lazy> given;

        private Arguments(String function, int line, Map<String, Lazy> given) {
            this.function = function;
            this.line = line;
            this.given = given;
        }

        int line() {
            return line;
        }

        boolean has(String name) {
            return given.containsKey(name);
        }

        /** @throws ImportException if it is not given */
        Node get(String name) {
            return get(name, Map.of());
        }

        /**
         * An argument with more names that hold in it.
         *
         * @param more their values, expanded already
         * @throws ImportException if it is not given
         */
        Node get(String name, Map<String, Node> more) {
            Lazy value = given.get(name);
            if (value == null) {
                throw new ImportException(line, "@" + function + ": needs \"" + name + "\"");
            }
            Map<String, Lazy> names = new HashMap<>();
            more.forEach((each, node) -> names.put(each, new Lazy(escaped(node), value.scope())));
            return expand(value.node(), new Scope(names, Optional.of(value.scope())));
        }

        /** The text of an argument. */
        String text(String name) {
            return get(name)
                    .asText()
                    .orElseThrow(() -> new ImportException(line, "@" + function + ": " + name + ": expected a string"));
        }

        /** The file of a path, expanded; empty if there is none. */
        Optional<Node> file(String path) {
            return files.apply(path)
                    .map(text -> at(line, expand(read(path, text), new Scope(Map.of(), Optional.empty()))));
        }

        private Node read(String path, String text) {
            Report ofFile = new Report();
            try {
                return Json.read(text, ofFile);
            } catch (ImportException e) {
                throw new ImportException(line, e.at(path));
            } finally {
                report.addAll(line, path, ofFile);
            }
        }

        /** Whether a name has a value where the call stands. */
        boolean isDefined(String name) {
            return given.values().stream()
                    .anyMatch(value -> value.scope().find(name).isPresent());
        }
    }

    /**
     * Expands a file.
     *
     * @param globals the names that are there before, such as {@code default-route}
     * @param files the text of a file by its path; empty if no such file
     * @param report is told of what is probably not meant
     * @return the same without {@code macros}
     * @throws ImportException if mcrouter would not take it, or if a function is not known here
     */
    static Fields expand(
            Fields file, Map<String, String> globals, Function<String, Optional<String>> files, Report report) {
        Jsonm jsonm = new Jsonm(files, report);
        Map<String, Lazy> names = new HashMap<>();
        Scope empty = new Scope(Map.of(), Optional.empty());
        globals.forEach((name, value) -> names.put(name, new Lazy(new Scalar(escaped(value), true, 0), empty)));
        Scope scope = new Scope(names, Optional.empty());
        file.get("macros").ifPresent(macros -> jsonm.define(macros, names, scope));
        return (Fields) jsonm.expand(file.without("macros"), scope);
    }

    /** A value that expands to itself. */
    private static Node escaped(Node node) {
        return switch (node) {
            case Scalar scalar -> new Scalar(escaped(scalar.text()), scalar.quoted(), scalar.line());
            case Items list ->
                new Items(list.items().stream().map(Jsonm::escaped).toList(), list.line());
            case Fields object -> {
                Map<String, Node> fields = new LinkedHashMap<>();
                object.fields().forEach((name, value) -> fields.put(escaped(name), escaped(value)));
                yield new Fields(fields, object.line());
            }
        };
    }

    private static String escaped(String text) {
        return text.replaceAll("[%@(),\\\\]", "\\\\$0");
    }

    private void define(Node definitions, Map<String, Lazy> names, Scope scope) {
        switch (definitions) {
            case Fields byName -> byName.fields().forEach((name, definition) -> define(name, definition, names, scope));
            case Items list -> {
                for (Node item : list.items()) {
                    // One with an object there has a macro that is called "name".
                    Optional<String> name =
                            item instanceof Fields fields ? fields.get("name").flatMap(Node::asText) : Optional.empty();
                    if (name.isPresent()) {
                        define(name.get(), item, names, scope);
                    } else {
                        define(expand(item, scope), names, scope);
                    }
                }
            }
            case Scalar call -> {
                Node expanded = expand(call, scope);
                if (expanded instanceof Scalar) {
                    throw new ImportException(call.line(), "macros: expected an object, got " + expanded.kind());
                }
                define(expanded, names, scope);
            }
        }
    }

    private void define(String name, Node definition, Map<String, Lazy> names, Scope scope) {
        if (!(definition instanceof Fields fields)) {
            throw new ImportException(definition.line(), "macro " + name + ": expected an object with type and result");
        }
        Node result = fields.get("result")
                .orElseThrow(() -> new ImportException(fields.line(), "macro " + name + ": needs \"result\""));
        report.unknown("macro " + name + ": ", fields, Set.of("type", "name", "params", "result"));
        String type = fields.text("type")
                .orElseThrow(() -> new ImportException(fields.line(), "macro " + name + ": needs \"type\""));
        switch (type) {
            case "constDef" -> names.put(name, new Lazy(result, scope));
            case "macroDef" -> {
                List<Parameter> parameters = new ArrayList<>();
                fields.get("params").ifPresent(list -> list.asList().forEach(each -> parameters.add(parameter(each))));
                macros.put(name, new Macro(parameters, result));
            }
            default ->
                throw new ImportException(fields.line(), "macro " + name + ": expected type macroDef or constDef");
        }
    }

    private static Parameter parameter(Node node) {
        if (node instanceof Fields fields) {
            String name = fields.text("name")
                    .orElseThrow(() -> new ImportException(fields.line(), "a parameter needs \"name\""));
            return new Parameter(name, fields.get("default"), fields.flag("optional", false));
        }
        return new Parameter(node.asText().orElse(""), Optional.empty(), false);
    }

    private Node expand(Node node, Scope scope) {
        if (++depth > DEEPEST) {
            throw new ImportException(node.line(), "macros are nested too deeply; one calls itself");
        }
        try {
            return switch (node) {
                case Scalar text when text.quoted() -> text(text, scope);
                case Scalar other -> other;
                case Items list ->
                    new Items(
                            list.items().stream()
                                    .map(item -> expand(item, scope))
                                    .toList(),
                            list.line());
                case Fields object -> object(object, scope);
            };
        } finally {
            depth--;
        }
    }

    private Node object(Fields object, Scope outer) {
        Scope scope = object.get("vars").map(vars -> withVars(vars, outer)).orElse(outer);
        Optional<String> type = object.get("type").flatMap(Node::asText);
        if (type.isPresent() && (macros.containsKey(type.get()) || JsonmFunctions.isNamed(type.get()))) {
            Map<String, Lazy> arguments = new LinkedHashMap<>();
            object.without("type")
                    .without("vars")
                    .fields()
                    .forEach((name, value) -> arguments.put(name, new Lazy(value, scope)));
            return call(type.get(), arguments, object.line(), scope);
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        object.without("vars").fields().forEach((name, value) -> {
            Node key = text(new Scalar(name, true, value.line()), scope);
            fields.put(
                    key.asText()
                            .orElseThrow(() -> new ImportException(value.line(), name + ": a name must be a string")),
                    expand(value, scope));
        });
        return new Fields(fields, object.line());
    }

    private static Scope withVars(Node vars, Scope outer) {
        if (!(vars instanceof Fields fields)) {
            throw new ImportException(vars.line(), "vars: expected an object, got " + vars.kind());
        }
        Map<String, Lazy> names = new HashMap<>();
        Scope scope = new Scope(names, Optional.of(outer));
        fields.fields().forEach((name, value) -> names.put(name, new Lazy(value, scope)));
        return scope;
    }

    private Node call(String name, Map<String, Lazy> given, int line, Scope scope) {
        Macro macro = macros.get(name);
        if (macro == null) {
            return JsonmFunctions.call(name, new Arguments(name, line, given));
        }
        Map<String, Lazy> names = new HashMap<>();
        for (Parameter parameter : macro.parameters()) {
            Lazy value = given.get(parameter.name());
            if (value != null) {
                names.put(parameter.name(), value);
            } else if (parameter.value().isPresent()) {
                names.put(parameter.name(), new Lazy(parameter.value().get(), scope));
            } else if (!parameter.optional()) {
                throw new ImportException(line, "@" + name + ": needs \"" + parameter.name() + "\"");
            }
        }
        return expand(macro.result(), new Scope(names, Optional.of(outermost(scope))));
    }

    /** Constants and globals, which hold in macros too. */
    private static Scope outermost(Scope scope) {
        return scope.outer().map(Jsonm::outermost).orElse(scope);
    }

    private Node text(Scalar scalar, Scope scope) {
        String text = scalar.text();
        if (text.startsWith("@")) {
            return textCall(text, scalar.line(), scope);
        }
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                result.append(text.charAt(++i));
            } else if (c == '%') {
                int end = text.indexOf('%', i + 1);
                if (end < 0) {
                    throw new ImportException(scalar.line(), "\"" + text + "\": a % without a second one");
                }
                Node value = value(text.substring(i + 1, end), scalar.line(), scope);
                if (i == 0 && end == text.length() - 1) {
                    return at(scalar.line(), value);
                }
                result.append(value.asText()
                        .orElseThrow(() -> new ImportException(
                                scalar.line(), "\"" + text + "\": in a string, a name must stand for a string")));
                i = end;
            } else {
                result.append(c);
            }
        }
        return new Scalar(result.toString(), true, scalar.line());
    }

    private Node value(String name, int line, Scope scope) {
        Lazy value = scope.find(name)
                .orElseThrow(() -> new ImportException(
                        line,
                        "%" + name + "% has no value here; if mcrouter gets it on its command line, give --param"
                                + " " + name
                                + "=VALUE"));
        return expand(value.node(), value.scope());
    }

    private Node textCall(String text, int line, Scope scope) {
        int open = text.indexOf('(');
        String name = (open < 0 ? text.substring(1) : text.substring(1, open)).strip();
        List<String> values = open < 0 ? List.of() : arguments(text, open + 1, line);
        List<String> names = Optional.ofNullable(macros.get(name))
                .map(macro -> macro.parameters().stream().map(Parameter::name).toList())
                .or(() -> JsonmFunctions.parameters(name))
                .orElseThrow(() -> new ImportException(
                        line,
                        "@" + name + ": neither a macro of the file nor a known function; functions are "
                                + JsonmFunctions.names()));
        if (values.size() > names.size()) {
            throw new ImportException(
                    line, "@" + name + ": takes " + names.size() + " arguments, got " + values.size());
        }
        Map<String, Lazy> arguments = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            arguments.put(names.get(i), new Lazy(new Scalar(values.get(i), true, line), scope));
        }
        return at(line, call(name, arguments, line, scope));
    }

    /** The texts between the parentheses of a call that reaches to the end of its text. */
    private static List<String> arguments(String text, int from, int line) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                argument.append(c).append(text.charAt(++i));
                continue;
            }
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (open == 0) {
                if (i != text.length() - 1) {
                    break;
                }
                if (!arguments.isEmpty() || !argument.toString().isBlank()) {
                    arguments.add(argument.toString().strip());
                }
                return arguments;
            }
            if (c == ',' && open == 1) {
                arguments.add(argument.toString().strip());
                argument.setLength(0);
            } else {
                argument.append(c);
            }
        }
        throw new ImportException(line, "\"" + text + "\": expected a call that ends with its parenthesis");
    }

    /** The value as if it stood on another line. */
    static Node at(int line, Node node) {
        return switch (node) {
            case Scalar scalar -> new Scalar(scalar.text(), scalar.quoted(), line);
            case Items list ->
                new Items(list.items().stream().map(item -> at(line, item)).toList(), line);
            case Fields object -> {
                Map<String, Node> fields = new LinkedHashMap<>();
                object.fields().forEach((name, value) -> fields.put(name, at(line, value)));
                yield new Fields(fields, line);
            }
        };
    }
}
