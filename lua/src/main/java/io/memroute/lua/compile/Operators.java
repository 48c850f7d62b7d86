package io.memroute.lua.compile;

import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.Operator;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Emits arithmetic: on primitives where the kinds are known, else with the cases of two integers and of two floats
 * inline and a call for the rest.
 */
final class Operators {
    private final BodyEmitter e;
    private final CodeBuilder b;

    Operators(BodyEmitter emitter) {
        e = emitter;
        b = emitter.b;
    }

    /** An evaluated operand, in a local or a constant. */
    private record Operand(Kind kind, int local, @Nullable Object constant) {
        boolean isConstant() {
            return constant != null;
        }
    }

    Kind binary(Expression.Binary x) {
        if (x.left() instanceof Expression.Binary l && !l.operator().isComparison()) {
            return chain(x);
        }
        int mark = e.mark();
        Operand left = operand(x.left());
        return apply(x, left, mark);
    }

    /** A chain of left operands can be thousands long: emitted without recursion. */
    private Kind chain(Expression.Binary x) {
        java.util.ArrayDeque<Expression.Binary> chain = new java.util.ArrayDeque<>();
        Expression i = x;
        while (i instanceof Expression.Binary inner && !inner.operator().isComparison()) {
            chain.push(inner);
            i = inner.left();
        }
        int mark = e.mark();
        Operand left = operand(i);
        Kind k = Kind.OBJECT;
        for (Expression.Binary each : chain) {
            k = apply(each, left, e.mark());
            if (each != x) {
                int t = e.local(k);
                e.store(k, t);
                left = new Operand(k, t, null);
            }
        }
        e.release(mark);
        return k;
    }

    private Kind apply(Expression.Binary x, Operand left, int mark) {
        Operator op = x.operator();
        Operand right = operand(x.right());
        Kind result = Objects.requireNonNull(Kinds.binary(op, left.kind, right.kind));
        if (result != Kind.OBJECT) {
            primitive(x, left, right, result);
        } else if (e.compact || !inlines(op)) {
            call(x, left, right);
        } else {
            inline(x, left, right);
        }
        e.release(mark);
        return result;
    }

    /**
     * Evaluates into a local, or finds it there already. No copy is needed: nothing inside an expression assigns to a
     * variable that lives in a JVM local.
     */
    private Operand operand(Expression x) {
        if (x instanceof Expression.Constant c && (c.value() instanceof Long || c.value() instanceof Double)) {
            return new Operand(c.value() instanceof Long ? Kind.LONG : Kind.DOUBLE, -1, c.value());
        }
        if (x instanceof Expression.Local l && !l.variable().needsCell()) {
            return new Operand(e.kind(l.variable()), e.localOf(l.variable()), null);
        }
        Kind k = e.expressions.natural(x);
        int t = e.local(k);
        e.store(k, t);
        return new Operand(k, t, null);
    }

    private void push(Operand o) {
        switch (o.constant) {
            case Long n -> b.loadConstant((long) n);
            case Double d -> b.loadConstant((double) d);
            case null, default -> e.load(o.kind, o.local);
        }
    }

    private void pushObject(Operand o) {
        if (o.isConstant()) {
            e.constants.push(b, Objects.requireNonNull(o.constant));
        } else {
            e.load(o.kind, o.local);
            e.box(o.kind);
        }
    }

    private void pushDouble(Operand o) {
        if (o.constant instanceof Long n) {
            b.loadConstant((double) n);
            return;
        }
        push(o);
        if (o.kind == Kind.LONG) {
            b.l2d();
        }
    }

    // ---- known kinds ----

    private void primitive(Expression.Binary x, Operand left, Operand right, Kind result) {
        if (result == Kind.LONG) {
            boolean division = x.operator() == Operator.MOD || x.operator() == Operator.IDIV;
            boolean checked = division && !(right.constant instanceof Long n && n != 0);
            if (checked) {
                b.aload(BodyEmitter.STATE);
            }
            push(left);
            push(right);
            longs(x, checked);
        } else {
            pushDouble(left);
            pushDouble(right);
            doubles(x.operator());
        }
    }

    /** Integer operators on two longs on the stack; below them the state if division by zero is {@code checked}. */
    private void longs(Expression.Binary x, boolean checked) {
        switch (x.operator()) {
            case ADD -> b.ladd();
            case SUB -> b.lsub();
            case MUL -> b.lmul();
            case BAND -> b.land();
            case BOR -> b.lor();
            case BXOR -> b.lxor();
            case SHL -> b.invokestatic(Types.ARITHMETIC, "shiftLeft", Types.method(Types.LONG, Types.LONG, Types.LONG));
            case SHR ->
                b.invokestatic(Types.ARITHMETIC, "shiftRight", Types.method(Types.LONG, Types.LONG, Types.LONG));
            case MOD, IDIV -> {
                String name = x.operator() == Operator.MOD ? "mod" : "idiv";
                e.site(x);
                if (checked) {
                    b.invokestatic(
                            Types.ARITHMETIC, name, Types.method(Types.LONG, Types.STATE, Types.LONG, Types.LONG));
                } else {
                    b.invokestatic(
                            java.lang.constant.ClassDesc.of("java.lang.Math"),
                            name.equals("mod") ? "floorMod" : "floorDiv",
                            Types.method(Types.LONG, Types.LONG, Types.LONG));
                }
            }
            default -> throw new IllegalStateException("not an integer operator: " + x.operator());
        }
    }

    private void doubles(Operator op) {
        switch (op) {
            case ADD -> b.dadd();
            case SUB -> b.dsub();
            case MUL -> b.dmul();
            case DIV -> b.ddiv();
            case POW ->
                b.invokestatic(Types.ARITHMETIC, "power", Types.method(Types.DOUBLE, Types.DOUBLE, Types.DOUBLE));
            case MOD -> b.invokestatic(Types.ARITHMETIC, "mod", Types.method(Types.DOUBLE, Types.DOUBLE, Types.DOUBLE));
            case IDIV -> {
                b.ddiv();
                b.invokestatic(
                        java.lang.constant.ClassDesc.of("java.lang.Math"),
                        "floor",
                        Types.method(Types.DOUBLE, Types.DOUBLE));
            }
            default -> throw new IllegalStateException("not a float operator: " + op);
        }
    }

    // ---- kinds known when it runs ----

    /** Whether the operator's common cases are worth their code at each place. */
    private static boolean inlines(Operator op) {
        return switch (op) {
            case ADD, SUB, MUL, DIV, MOD, IDIV, BAND, BOR, BXOR -> true;
            default -> false;
        };
    }

    private void call(Expression.Binary x, Operand left, Operand right) {
        b.aload(BodyEmitter.STATE);
        pushObject(left);
        pushObject(right);
        e.site(x);
        b.invokestatic(
                Types.ARITHMETIC,
                x.operator().name().toLowerCase(Locale.ROOT),
                Types.method(Types.OBJECT, Types.STATE, Types.OBJECT, Types.OBJECT));
    }

    private void inline(Expression.Binary x, Operand left, Operand right) {
        Operator op = x.operator();
        Label notLongs = b.newLabel();
        Label notDoubles = b.newLabel();
        Label end = b.newLabel();
        boolean longs = op != Operator.DIV && left.kind != Kind.DOUBLE && right.kind != Kind.DOUBLE;
        if (longs) {
            testBox(left, Kind.LONG, notLongs);
            testBox(right, Kind.LONG, notLongs);
            boolean division = op == Operator.MOD || op == Operator.IDIV;
            boolean checked = division && !(right.constant instanceof Long n && n != 0);
            if (checked) {
                b.aload(BodyEmitter.STATE);
            }
            unbox(left, Kind.LONG);
            unbox(right, Kind.LONG);
            longs(x, checked);
            e.box(Kind.LONG);
            b.goto_(end);
        }
        b.labelBinding(notLongs);
        // An integer constant with a float: "x * 2" of a float is as common as of an integer.
        if (!op.isBitwise()
                && left.kind != Kind.LONG | left.isConstant()
                && right.kind != Kind.LONG | right.isConstant()) {
            testBox(left, Kind.DOUBLE, notDoubles);
            testBox(right, Kind.DOUBLE, notDoubles);
            unbox(left, Kind.DOUBLE);
            unbox(right, Kind.DOUBLE);
            doubles(op);
            e.box(Kind.DOUBLE);
            b.goto_(end);
        }
        b.labelBinding(notDoubles);
        call(x, left, right);
        b.labelBinding(end);
    }

    /**
     * Jumps away unless the operand is a box of this kind; a known kind needs no test, and an integer constant passes
     * for a float.
     */
    private void testBox(Operand o, Kind kind, Label otherwise) {
        if (o.kind == Kind.OBJECT) {
            b.aload(o.local)
                    .instanceOf(kind == Kind.LONG ? Types.LONG_BOX : Types.DOUBLE_BOX)
                    .ifeq(otherwise);
        }
    }

    private void unbox(Operand o, Kind kind) {
        if (o.kind == Kind.OBJECT) {
            b.aload(o.local);
            unbox(kind);
        } else if (kind == Kind.DOUBLE) {
            pushDouble(o);
        } else {
            push(o);
        }
    }

    /** The box on the stack, known to be of this kind, becomes its value. */
    void unbox(Kind kind) {
        if (kind == Kind.LONG) {
            b.checkcast(Types.LONG_BOX).invokevirtual(Types.LONG_BOX, "longValue", Types.method(Types.LONG));
        } else {
            b.checkcast(Types.DOUBLE_BOX).invokevirtual(Types.DOUBLE_BOX, "doubleValue", Types.method(Types.DOUBLE));
        }
    }

    Kind unary(Expression.Unary x) {
        Kind k = e.kinds.of(x.operand());
        if (x.operator() == Operator.UNM && k != Kind.OBJECT) {
            e.expressions.natural(x.operand());
            if (k == Kind.LONG) {
                b.lneg();
            } else {
                b.dneg();
            }
            return k;
        }
        if (x.operator() == Operator.BNOT && k == Kind.LONG) {
            e.expressions.natural(x.operand());
            b.loadConstant(-1L).lxor();
            return Kind.LONG;
        }
        b.aload(BodyEmitter.STATE);
        e.expressions.object(x.operand());
        e.site(x);
        switch (x.operator()) {
            case LEN -> b.invokestatic(Types.INDEXING, "length", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT));
            case UNM -> b.invokestatic(Types.ARITHMETIC, "unm", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT));
            case BNOT ->
                b.invokestatic(Types.ARITHMETIC, "bnot", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT));
            default -> throw new IllegalStateException("not unary: " + x.operator());
        }
        return Kind.OBJECT;
    }
}
