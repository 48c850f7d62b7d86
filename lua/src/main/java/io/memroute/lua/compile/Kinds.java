package io.memroute.lua.compile;

import io.memroute.lua.syntax.Block;
import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.LocalVariable;
import io.memroute.lua.syntax.Operator;
import io.memroute.lua.syntax.Statement;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the local variables of a function that are integers, or floats, whatever happens: every assignment gives the
 * same kind. Starts from the assumption that all agree and drops what is contradicted until nothing changes.
 */
final class Kinds {
    private final Map<LocalVariable, Kind> kinds = new IdentityHashMap<>();
    private boolean changed;

    Kinds(FunctionBody body) {
        for (LocalVariable p : body.parameters) {
            kinds.put(p, Kind.OBJECT);
        }
        do {
            changed = false;
            block(body.block);
        } while (changed);
    }

    /** The variable's kind; one never seen assigned is an object. */
    Kind of(LocalVariable variable) {
        Kind k = kinds.get(variable);
        return k == null || variable.needsCell() ? Kind.OBJECT : k;
    }

    private void assign(LocalVariable variable, @Nullable Kind kind) {
        if (kind == null) {
            return; // Nothing known yet: a later pass knows.
        }
        Kind old = kinds.get(variable);
        Kind joined = variable.needsCell() || old != null && old != kind ? Kind.OBJECT : kind;
        if (joined != old) {
            kinds.put(variable, joined);
            changed = true;
        }
    }

    private void block(Block b) {
        for (Statement s : b.statements) {
            statement(s);
        }
    }

    private void statement(Statement s) {
        switch (s) {
            case Statement.Local l -> {
                for (int i = 0; i < l.variables().size(); i++) {
                    LocalVariable v = l.variables().get(i);
                    assign(v, v.attribute == LocalVariable.Attribute.CLOSE ? Kind.OBJECT : value(l.values(), i));
                }
            }
            case Statement.Assign a -> {
                for (int i = 0; i < a.targets().size(); i++) {
                    if (a.targets().get(i) instanceof Expression.Local l) {
                        assign(l.variable(), value(a.values(), i));
                    }
                }
            }
            case Statement.LocalFunction f -> assign(f.variable(), Kind.OBJECT);
            case Statement.Do d -> block(d.block());
            case Statement.While w -> block(w.block());
            case Statement.Repeat r -> block(r.block());
            case Statement.If i -> i.blocks().forEach(this::block);
            case Statement.NumericFor n -> {
                assign(n.variable(), loop(n));
                block(n.block());
            }
            case Statement.GenericFor g -> {
                g.variables().forEach(v -> assign(v, Kind.OBJECT));
                block(g.block());
            }
            case Statement.Call c -> {}
            case Statement.Return r -> {}
            case Statement.Break b -> {}
            case Statement.Goto g -> {}
            case Statement.Label l -> {}
        }
    }

    private @Nullable Kind value(List<Expression> values, int index) {
        if (index < values.size() - 1
                || index == values.size() - 1 && !values.get(index).isMultiple()) {
            return infer(values.get(index));
        }
        return Kind.OBJECT;
    }

    /**
     * The kind of a numeric loop: long if start and step are, double if it must be a float loop, else decided when it
     * runs. None while not known.
     */
    @Nullable
    Kind loop(Statement.NumericFor n) {
        Kind start = infer(n.start());
        Kind step = n.step() == null ? Kind.LONG : infer(n.step());
        if (start == null || step == null) {
            return null;
        }
        return start == Kind.LONG && step == Kind.LONG ? Kind.LONG : Kind.OBJECT;
    }

    /** The kind a finished analysis gives an expression. */
    Kind of(Expression e) {
        Kind k = infer(e);
        return k == null ? Kind.OBJECT : k;
    }

    private @Nullable Kind infer(Expression e) {
        return switch (e) {
            case Expression.Constant c ->
                c.value() instanceof Long ? Kind.LONG : c.value() instanceof Double ? Kind.DOUBLE : Kind.OBJECT;
            case Expression.Local l -> l.variable().needsCell() ? Kind.OBJECT : kinds.get(l.variable());
            case Expression.Parenthesized p -> p.inner().isMultiple() ? Kind.OBJECT : infer(p.inner());
            case Expression.Unary u -> {
                Kind k = u.operator() == Operator.UNM || u.operator() == Operator.BNOT
                        ? infer(u.operand())
                        : Kind.OBJECT;
                yield u.operator() == Operator.BNOT && k == Kind.DOUBLE ? Kind.OBJECT : k;
            }
            case Expression.Binary b -> binary(b.operator(), infer(b.left()), infer(b.right()));
            default -> Kind.OBJECT;
        };
    }

    static @Nullable Kind binary(Operator op, @Nullable Kind a, @Nullable Kind b) {
        if (op.isComparison()) {
            return Kind.OBJECT;
        }
        if (a == Kind.OBJECT || b == Kind.OBJECT) {
            return Kind.OBJECT;
        }
        if (a == null || b == null) {
            return null;
        }
        if (op.isBitwise()) {
            return a == Kind.LONG && b == Kind.LONG ? Kind.LONG : Kind.OBJECT;
        }
        return op == Operator.DIV || op == Operator.POW || a == Kind.DOUBLE || b == Kind.DOUBLE
                ? Kind.DOUBLE
                : Kind.LONG;
    }
}
