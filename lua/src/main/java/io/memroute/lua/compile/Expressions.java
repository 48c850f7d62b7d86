package io.memroute.lua.compile;

import io.memroute.lua.LuaString;
import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.Operator;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Emits expressions that leave one value. */
final class Expressions {
    private final BodyEmitter e;
    private final CodeBuilder b;

    Expressions(BodyEmitter emitter) {
        e = emitter;
        b = emitter.b;
    }

    /** Leaves the value boxed. */
    void object(Expression x) {
        if (x instanceof Expression.Constant c) {
            constant(c.value());
            return;
        }
        e.box(natural(x));
    }

    void constant(@Nullable Object value) {
        switch (value) {
            case null -> b.aconst_null();
            case Boolean t -> b.getstatic(Types.BOOLEAN_BOX, t ? "TRUE" : "FALSE", Types.BOOLEAN_BOX);
            default -> e.constants.push(b, value);
        }
    }

    /**
     * Leaves the value in the kind it has by itself, which is returned: {@link Kinds#of(Expression)} knows it
     * beforehand.
     */
    Kind natural(Expression x) {
        switch (x) {
            case Expression.Constant c -> {
                if (c.value() instanceof Long n) {
                    b.loadConstant((long) n);
                    return Kind.LONG;
                }
                if (c.value() instanceof Double d) {
                    b.loadConstant((double) d);
                    return Kind.DOUBLE;
                }
                constant(c.value());
            }
            case Expression.Local l -> {
                e.push(l.variable());
                return e.kind(l.variable());
            }
            case Expression.Upvalue u -> e.pushUpvalue(u.index());
            case Expression.Parenthesized p -> {
                if (!p.inner().isMultiple()) {
                    return natural(p.inner());
                }
                object(p.inner());
            }
            case Expression.Varargs v ->
                b.aload(e.varargs).invokestatic(Types.RESULTS, "first", Types.method(Types.OBJECT, Types.OBJECT));
            case Expression.Function f -> e.closure(f.body(), null);
            case Expression.Index i -> index(i);
            case Expression.Call c -> e.calls.single(c);
            case Expression.MethodCall m -> e.calls.single(m);
            case Expression.Concat c -> concat(c);
            case Expression.Table t -> table(t);
            case Expression.And a -> and(a);
            case Expression.Or o -> or(o);
            case Expression.Unary u -> {
                if (u.operator() == Operator.NOT) {
                    truthValue(u);
                } else {
                    return e.operators.unary(u);
                }
            }
            case Expression.Binary i -> {
                if (i.operator().isComparison()) {
                    truthValue(i);
                } else {
                    return e.operators.binary(i);
                }
            }
        }
        return Kind.OBJECT;
    }

    /** A condition as a Lua boolean. */
    private void truthValue(Expression x) {
        Label no = b.newLabel();
        Label end = b.newLabel();
        e.conditions.jump(x, no, false);
        constant(Boolean.TRUE);
        b.goto_(end).labelBinding(no);
        constant(Boolean.FALSE);
        b.labelBinding(end);
    }

    private void and(Expression.And a) {
        Label end = b.newLabel();
        if (isBoolean(a.left())) {
            Label no = b.newLabel();
            e.conditions.jump(a.left(), no, false);
            object(a.right());
            b.goto_(end).labelBinding(no);
            constant(Boolean.FALSE);
            b.labelBinding(end);
            return;
        }
        object(a.left());
        b.dup().ifnull(end).dup();
        constant(Boolean.FALSE);
        b.if_acmpeq(end).pop();
        object(a.right());
        b.labelBinding(end);
    }

    private void or(Expression.Or o) {
        Label end = b.newLabel();
        Label right = b.newLabel();
        if (isBoolean(o.left())) {
            e.conditions.jump(o.left(), right, false);
            constant(Boolean.TRUE);
            b.goto_(end);
        } else {
            Label falsy = b.newLabel();
            if (o.left() instanceof Expression.And a) {
                // "c and x or y": if c fails the answer is y, without a look at the value of c.
                e.conditions.jump(a.left(), right, false);
                object(a.right());
            } else {
                object(o.left());
            }
            b.dup().ifnull(falsy).dup();
            constant(Boolean.FALSE);
            b.if_acmpne(end);
            b.labelBinding(falsy).pop();
        }
        b.labelBinding(right);
        object(o.right());
        b.labelBinding(end);
    }

    private static boolean isBoolean(Expression x) {
        return x instanceof Expression.Binary i && i.operator().isComparison()
                || x instanceof Expression.Unary u && u.operator() == Operator.NOT;
    }

    // ---- tables ----

    private void index(Expression.Index i) {
        b.aload(BodyEmitter.STATE);
        object(i.object());
        key(i.key(), i);
    }

    /** Evaluates the key and reads the field, with state and object on the stack. */
    private void key(Expression key, Expression.Index site) {
        if (key instanceof Expression.Constant c && c.value() instanceof LuaString s) {
            constant(s);
            e.site(site);
            b.invokestatic(
                    Types.INDEXING, "index", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT, Types.STRING));
            return;
        }
        if (e.kinds.of(key) == Kind.LONG) {
            natural(key);
            e.site(site);
            b.invokestatic(Types.INDEXING, "index", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT, Types.LONG));
            return;
        }
        object(key);
        e.site(site);
        b.invokestatic(Types.INDEXING, "index", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT, Types.OBJECT));
    }

    private void table(Expression.Table t) {
        List<Expression.Field> fields = t.fields();
        int items = (int) fields.stream().filter(f -> f.key() == null).count();
        b.new_(Types.TABLE).dup().loadConstant(items).loadConstant(fields.size() - items);
        b.invokespecial(Types.TABLE, "<init>", Types.method(Types.VOID, Types.INT, Types.INT));
        int next = 1;
        for (int i = 0; i < fields.size(); i++) {
            Expression.Field f = fields.get(i);
            if (f.key() != null) {
                field(t, f);
            } else if (i == fields.size() - 1 && f.value().isMultiple()) {
                b.dup().loadConstant(next);
                e.calls.multiple(f.value());
                e.budgetOfCopy();
                b.invokevirtual(Types.TABLE, "items", Types.method(Types.VOID, Types.INT, Types.OBJECT));
            } else {
                b.dup().loadConstant(next++);
                object(f.value());
                b.invokevirtual(Types.TABLE, "item", Types.method(Types.VOID, Types.INT, Types.OBJECT));
            }
        }
    }

    private void field(Expression.Table t, Expression.Field f) {
        if (f.key() instanceof Expression.Constant c && c.value() instanceof LuaString s) {
            b.dup();
            constant(s);
            object(f.value());
            b.invokevirtual(Types.TABLE, "put", Types.method(Types.VOID, Types.STRING, Types.OBJECT));
            return;
        }
        b.dup().aload(BodyEmitter.STATE).swap();
        object(Objects.requireNonNull(f.key()));
        object(f.value());
        e.site(t);
        b.invokestatic(
                Types.INDEXING,
                "setIndex",
                Types.method(Types.VOID, Types.STATE, Types.OBJECT, Types.OBJECT, Types.OBJECT));
    }

    private void concat(Expression.Concat c) {
        List<Expression> operands = c.operands();
        int n = operands.size();
        b.aload(BodyEmitter.STATE);
        if (n == 2) {
            object(operands.get(0));
            object(operands.get(1));
            e.site(c);
            b.invokestatic(
                    Types.CONCATENATION, "concat", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT, Types.OBJECT));
            return;
        }
        b.loadConstant(n).anewarray(Types.OBJECT);
        for (int i = 0; i < n; i++) {
            b.dup().loadConstant(i);
            object(operands.get(i));
            b.aastore();
        }
        e.site(c);
        b.invokestatic(Types.CONCATENATION, "concat", Types.method(Types.OBJECT, Types.STATE, Types.ARRAY));
    }
}
