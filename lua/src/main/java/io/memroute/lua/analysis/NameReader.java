package io.memroute.lua.analysis;

import io.memroute.lua.LuaString;
import io.memroute.lua.analysis.NameUse.Where;
import io.memroute.lua.syntax.Block;
import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.LocalVariable;
import io.memroute.lua.syntax.Operator;
import io.memroute.lua.syntax.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a chunk and notes which names it reads, what it does with them, and which fields it gives the tables
 * that it makes. Order does not count: a field that is assigned anywhere is taken to be there.
 */
final class NameReader {

    private static final Where TESTED = new Where.Tested();
    private static final Where BASE = new Where.Base();
    private static final Where VALUE = new Where.Value();

    /** Functions that have something to say about nil. */
    private static final Set<String> TESTS =
            Set.of("type", "assert", "print", "tostring", "select", "pcall", "say", "dsay");

    /** Functions that look at a table and leave it as it is. */
    private static final Set<String> READERS = Set.of("pairs", "ipairs", "next", "rawlen", "rawget", "unpack");

    /** A variable, {@code root} being a {@code LocalVariable} or a global's name, and fields of it. */
    private record Path(Object root, List<String> fields, int line) {

        String text() {
            String name = root instanceof LocalVariable local ? local.name : root.toString();
            return fields.isEmpty() ? name : name + "." + String.join(".", fields);
        }

        List<String> names() {
            List<String> names = new ArrayList<>(fields);
            names.addFirst(root instanceof LocalVariable local ? local.name : root.toString());
            return names;
        }
    }

    private record Read(Path path, Where where, boolean inFunction) {}

    private final LocalVariable environment;
    private final Map<Object, TableShape> shapes = new HashMap<>();
    private final List<Read> reads = new ArrayList<>();
    private final Set<String> tested = new HashSet<>();
    private final Set<String> testedFields = new HashSet<>();
    private final Set<Integer> testedIndexes = new HashSet<>();
    private final Set<String> assigned = new HashSet<>();
    private final List<Path> assignments = new ArrayList<>();
    private final List<Path> changedElsewhere = new ArrayList<>();
    private final List<DoubleKey> doubleKeys = new ArrayList<>();
    private int functions;

    private NameReader(FunctionBody main) {
        environment = main.upvalues.getFirst().variable();
    }

    static SourceReview read(FunctionBody main) {
        NameReader reader = new NameReader(main);
        reader.block(main.block);
        return reader.review();
    }

    private SourceReview review() {
        assignments.forEach(path -> {
            TableShape shape = shapes.get(path.root());
            if (shape != null) {
                shape.assign(path.fields());
            }
        });
        changedElsewhere.forEach(path -> {
            TableShape shape = shapes.get(path.root());
            if (shape != null) {
                shape.open(path.fields());
            }
        });
        List<NameUse> globals = new ArrayList<>();
        List<MissingField> missing = new ArrayList<>();
        for (Read read : reads) {
            Path path = read.path();
            if (isTested(path)) {
                continue;
            }
            boolean global = path.root() instanceof String;
            TableShape shape = shapes.get(path.root());
            int names = shape == null ? 0 : shape.missing(path.fields());
            if (shape != null && names > 0) {
                missing.add(new MissingField(
                        use(path, names + 1, read), shape.fieldsAt(path.fields().subList(0, names - 1)), global));
            } else if (global) {
                globals.add(use(path, path.fields().size() + 1, read));
            }
        }
        return new SourceReview(globals, missing, doubleKeys, assigned, testedFields, testedIndexes);
    }

    /** @param names how many names of the path are meant; what is read from the last of them makes it a base */
    private static NameUse use(Path path, int names, Read read) {
        boolean whole = names == path.fields().size() + 1;
        return new NameUse(path.names().subList(0, names), path.line(), whole ? read.where() : BASE, read.inFunction());
    }

    private boolean isTested(Path path) {
        List<String> names = path.names();
        for (int i = 1; i <= names.size(); i++) {
            if (tested.contains(String.join(".", names.subList(0, i)))) {
                return true;
            }
        }
        return false;
    }

    // ---- statements ----

    private void block(Block block) {
        block.statements.forEach(this::statement);
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Local local -> {
                for (int i = 0;
                        i < local.variables().size() && i < local.values().size();
                        i++) {
                    define(local.variables().get(i), local.values().get(i));
                }
                local.values().forEach(this::value);
            }
            case Statement.Assign assign -> {
                for (int i = 0; i < assign.targets().size(); i++) {
                    Expression value =
                            i < assign.values().size() ? assign.values().get(i) : null;
                    assign(assign.targets().get(i), value);
                }
                assign.values().forEach(this::value);
            }
            case Statement.Call call -> value(call.call());
            case Statement.Do scope -> block(scope.block());
            case Statement.While loop -> {
                visit(loop.condition(), TESTED);
                block(loop.block());
            }
            case Statement.Repeat loop -> {
                block(loop.block());
                visit(loop.condition(), TESTED);
            }
            case Statement.If branches -> {
                branches.conditions().forEach(condition -> visit(condition, TESTED));
                branches.blocks().forEach(this::block);
            }
            case Statement.NumericFor loop -> {
                value(loop.start());
                value(loop.limit());
                if (loop.step() != null) {
                    value(loop.step());
                }
                block(loop.block());
            }
            case Statement.GenericFor loop -> {
                loop.values().forEach(this::value);
                block(loop.block());
            }
            case Statement.LocalFunction local -> value(local.function());
            case Statement.Return values -> values.values().forEach(this::value);
            case Statement.Break end -> {}
            case Statement.Goto jump -> {}
            case Statement.Label label -> {}
        }
    }

    private void define(LocalVariable variable, Expression value) {
        if (value instanceof Expression.Table table && !variable.reassigned) {
            shapes.put(variable, TableShape.of(table));
        }
    }

    private void assign(Expression target, @Nullable Expression value) {
        Path path = path(target);
        if (path == null) {
            if (target instanceof Expression.Index(Expression object, Expression key, int line)) {
                // A key that is computed: any field may be meant.
                Path table = path(object);
                if (table != null) {
                    changedElsewhere.add(table);
                }
                visit(object, BASE);
                value(key);
            }
            return;
        }
        if (path.root() instanceof String name) {
            if (path.fields().isEmpty() && value instanceof Expression.Table table && !assigned.contains(name)) {
                shapes.put(name, TableShape.of(table));
            } else if (path.fields().isEmpty()) {
                changedElsewhere.add(path);
            }
            assigned.add(path.text());
        }
        if (!path.fields().isEmpty()) {
            assignments.add(path);
            visit(((Expression.Index) target).object(), BASE);
        }
    }

    // ---- expressions ----

    private void value(Expression expression) {
        visit(expression, VALUE);
    }

    private void visit(Expression expression, Where where) {
        switch (expression) {
            case Expression.Constant constant -> {}
            case Expression.Varargs varargs -> {}
            case Expression.Function function -> {
                functions++;
                block(function.body().block);
                functions--;
            }
            case Expression.Local local -> read(path(local), where);
            case Expression.Upvalue upvalue -> read(path(upvalue), where);
            case Expression.Index index -> {
                Path path = path(index);
                if (path != null) {
                    read(path, where);
                } else {
                    if (where == TESTED) {
                        noteTestOf(index);
                    }
                    visit(index.object(), BASE);
                    value(index.key());
                }
            }
            case Expression.Call call -> call(call);
            case Expression.MethodCall call -> {
                Path object = path(call.object());
                if (object != null) {
                    changedElsewhere.add(object);
                }
                visit(call.object(), BASE);
                call.arguments().forEach(argument -> visit(argument, new Where.Argument("")));
            }
            case Expression.Unary(Operator operator, Expression operand, int line) ->
                visit(
                        operand,
                        switch (operator) {
                            case NOT -> TESTED;
                            case LEN -> BASE;
                            default -> VALUE;
                        });
            case Expression.Binary(Operator operator, Expression left, Expression right, int line) -> {
                boolean equality = operator == Operator.EQ || operator == Operator.NE;
                visit(left, equality && isNil(right) ? TESTED : VALUE);
                visit(right, equality && isNil(left) ? TESTED : VALUE);
            }
            case Expression.Concat concat -> concat.operands().forEach(this::value);
            case Expression.And(Expression left, Expression right, int line) -> {
                visit(left, TESTED);
                visit(right, where);
            }
            case Expression.Or(
                    Expression.And(Expression condition, Expression chosen, int at),
                    Expression otherwise,
                    int line) -> {
                // condition and chosen or otherwise: a choice, of which neither side is expected to be nil.
                visit(condition, TESTED);
                visit(chosen, where);
                visit(otherwise, where);
            }
            case Expression.Or(Expression left, Expression right, int line) -> {
                visit(left, TESTED);
                visit(right, where);
            }
            case Expression.Parenthesized(Expression inner, int line) -> visit(inner, where);
            case Expression.Table table -> table(table);
        }
    }

    private void noteTestOf(Expression.Index index) {
        if (index.key() instanceof Expression.Constant(LuaString name, int line)) {
            testedFields.add(name.toString());
        } else {
            testedIndexes.add(index.line());
        }
    }

    private static boolean isNil(Expression expression) {
        return expression instanceof Expression.Constant(Object value, int line) && value == null;
    }

    private void call(Expression.Call call) {
        visit(call.function(), BASE);
        Path function = path(call.function());
        String name = function != null && function.root() instanceof String ? function.text() : "";
        Where where = new Where.Argument(name);
        if (TESTS.contains(name)) {
            where = TESTED;
        } else if (READERS.contains(name)) {
            where = BASE;
        }
        for (Expression argument : call.arguments()) {
            visit(argument, where);
        }
    }

    private void table(Expression.Table table) {
        Map<Object, Integer> lines = new HashMap<>();
        long items = 0;
        for (Expression.Field field : table.fields()) {
            Object key = field.key() instanceof Expression.Constant(Object value, int line) ? value : null;
            if (field.key() == null) {
                key = ++items;
            } else if (key == null) {
                value(field.key());
            }
            Integer first = key == null ? null : lines.put(key, field.line());
            if (first != null) {
                doubleKeys.add(new DoubleKey(
                        key instanceof LuaString name ? name.toString() : "[" + key + "]", field.line(), first));
            }
            visit(
                    field.value(),
                    field.key() == null
                            ? new Where.Item()
                            : new Where.Field(key instanceof LuaString name ? name.toString() : "the field"));
        }
    }

    // ---- names ----

    /** The variable and fields that an expression names; none if it is anything else. */
    private @Nullable Path path(Expression expression) {
        return switch (expression) {
            case Expression.Local(LocalVariable variable, int line)
            when variable != environment -> new Path(variable, List.of(), line);
            case Expression.Upvalue upvalue
            when upvalue.upvalue().variable() != environment ->
                new Path(upvalue.upvalue().variable(), List.of(), upvalue.line());
            case Expression.Index(Expression object, Expression.Constant(LuaString name, int at), int line) -> {
                if (isEnvironment(object)) {
                    yield new Path(name.toString(), List.of(), line);
                }
                Path table = path(object);
                if (table == null) {
                    yield null;
                }
                if ("_G".equals(table.root()) && table.fields().isEmpty()) {
                    yield new Path(name.toString(), List.of(), line);
                }
                List<String> fields = new ArrayList<>(table.fields());
                fields.add(name.toString());
                yield new Path(table.root(), fields, line);
            }
            default -> null;
        };
    }

    private boolean isEnvironment(Expression expression) {
        return expression instanceof Expression.Local local && local.variable() == environment
                || expression instanceof Expression.Upvalue upvalue
                        && upvalue.upvalue().variable() == environment;
    }

    private void read(@Nullable Path path, Where where) {
        if (path == null) {
            return;
        }
        if (where == TESTED) {
            tested.add(path.text());
            testedFields.addAll(path.fields());
            return;
        }
        reads.add(new Read(path, where, functions > 0));
        if (where instanceof Where.Argument || where == VALUE) {
            changedElsewhere.add(path);
        }
    }
}
