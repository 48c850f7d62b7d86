package io.memroute.lua.compile;

import io.memroute.lua.LuaString;
import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.Operator;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;

/** Emits jumps on conditions, without making booleans of them. */
final class Conditions {
    private final BodyEmitter e;
    private final CodeBuilder b;

    Conditions(BodyEmitter emitter) {
        e = emitter;
        b = emitter.b;
    }

    /** Jumps to the target if the truth of {@code x} is {@code when}; else goes on. */
    void jump(Expression x, Label target, boolean when) {
        switch (x) {
            case Expression.Constant c -> {
                if ((c.value() != null && c.value() != Boolean.FALSE) == when) {
                    b.goto_(target);
                }
            }
            case Expression.Unary u when u.operator() == Operator.NOT -> jump(u.operand(), target, !when);
            case Expression.Binary i when i.operator().isComparison() -> comparison(i, target, when);
            case Expression.And a -> both(a.left(), a.right(), target, when, true);
            case Expression.Or o -> both(o.left(), o.right(), target, when, false);
            case Expression.Parenthesized p when !p.inner().isMultiple() -> jump(p.inner(), target, when);
            default -> {
                e.expressions.object(x);
                b.invokestatic(Types.ARGS, "truth", Types.method(Types.BOOLEAN, Types.OBJECT));
                branch(target, when);
            }
        }
    }

    private void branch(Label target, boolean when) {
        if (when) {
            b.ifne(target);
        } else {
            b.ifeq(target);
        }
    }

    private void both(Expression left, Expression right, Label target, boolean when, boolean and) {
        if (and == when) {
            // "and" jumping on true, "or" jumping on false: both sides decide.
            Label skip = b.newLabel();
            jump(left, skip, !when);
            jump(right, target, when);
            b.labelBinding(skip);
        } else {
            jump(left, target, when);
            jump(right, target, when);
        }
    }

    // ---- comparisons ----

    private void comparison(Expression.Binary x, Label target, boolean when) {
        switch (x.operator()) {
            case EQ -> equality(x, target, when);
            case NE -> equality(x, target, !when);
            default -> order(x, target, when);
        }
    }

    private void equality(Expression.Binary x, Label target, boolean when) {
        if (x.left() instanceof Expression.Constant && !(x.right() instanceof Expression.Constant)) {
            equality(x, x.right(), x.left(), target, when);
        } else {
            equality(x, x.left(), x.right(), target, when);
        }
    }

    private void equality(Expression.Binary x, Expression left, Expression right, Label target, boolean when) {
        Kind p = e.kinds.of(left);
        Kind q = e.kinds.of(right);
        if (p == Kind.LONG && q == Kind.LONG) {
            e.expressions.natural(left);
            e.expressions.natural(right);
            b.lcmp().branch(when ? Opcode.IFEQ : Opcode.IFNE, target);
            return;
        }
        if (p == Kind.DOUBLE && q == Kind.DOUBLE) {
            e.expressions.natural(left);
            e.expressions.natural(right);
            b.dcmpl().branch(when ? Opcode.IFEQ : Opcode.IFNE, target);
            return;
        }
        if (right instanceof Expression.Constant c) {
            if (c.value() == null) {
                e.expressions.object(left);
                b.branch(when ? Opcode.IFNULL : Opcode.IFNONNULL, target);
                return;
            }
            if (c.value() instanceof Boolean) {
                e.expressions.object(left);
                e.expressions.constant(c.value());
                b.branch(when ? Opcode.IF_ACMPEQ : Opcode.IF_ACMPNE, target);
                return;
            }
            if (c.value() instanceof LuaString s) {
                e.expressions.object(left);
                e.expressions.constant(s);
                b.invokestatic(
                        Types.COMPARISON, "equalString", Types.method(Types.BOOLEAN, Types.OBJECT, Types.STRING));
                branch(target, when);
                return;
            }
            if (c.value() instanceof Long n && p == Kind.OBJECT) {
                e.expressions.object(left);
                b.loadConstant((long) n);
                b.invokestatic(Types.COMPARISON, "equalInteger", Types.method(Types.BOOLEAN, Types.OBJECT, Types.LONG));
                branch(target, when);
                return;
            }
        }
        b.aload(BodyEmitter.STATE);
        e.expressions.object(left);
        e.expressions.object(right);
        e.site(x);
        b.invokestatic(Types.COMPARISON, "equal", Types.method(Types.BOOLEAN, Types.STATE, Types.OBJECT, Types.OBJECT));
        branch(target, when);
    }

    private void order(Expression.Binary x, Label target, boolean when) {
        Kind p = e.kinds.of(x.left());
        Kind q = e.kinds.of(x.right());
        Operator op = x.operator();
        if (p != Kind.OBJECT && p == q) {
            e.expressions.natural(x.left());
            e.expressions.natural(x.right());
            compare(op, p, target, when);
            return;
        }
        int mark = e.mark();
        int left = operand(x.left(), p);
        int right = operand(x.right(), q);
        Label end = b.newLabel();
        if (!e.compact) {
            inline(x, p, left, q, right, target, when, end);
        }
        // a > b is b < a, evaluated in the order written.
        boolean swapped = op == Operator.GT || op == Operator.GE;
        b.aload(BodyEmitter.STATE);
        pushObject(swapped ? x.right() : x.left(), swapped ? q : p, swapped ? right : left);
        pushObject(swapped ? x.left() : x.right(), swapped ? p : q, swapped ? left : right);
        e.site(x);
        boolean strict = op == Operator.LT || op == Operator.GT;
        b.invokestatic(
                Types.COMPARISON,
                strict ? "lessThan" : "lessOrEqual",
                Types.method(Types.BOOLEAN, Types.STATE, Types.OBJECT, Types.OBJECT));
        branch(target, when);
        b.labelBinding(end);
        e.release(mark);
    }

    /** The local an operand is in; -1 for a numeric constant. */
    private int operand(Expression x, Kind kind) {
        if (x instanceof Expression.Constant && kind != Kind.OBJECT) {
            return -1;
        }
        if (x instanceof Expression.Local l && !l.variable().needsCell()) {
            return e.localOf(l.variable());
        }
        e.expressions.natural(x);
        int t = e.local(kind);
        e.store(kind, t);
        return t;
    }

    private void pushObject(Expression x, Kind kind, int local) {
        if (local < 0) {
            e.expressions.object(x);
        } else {
            e.load(kind, local);
            e.box(kind);
        }
    }

    private void inline(
            Expression.Binary x, Kind p, int left, Kind q, int right, Label target, boolean when, Label end) {
        for (Kind kind : new Kind[] {Kind.LONG, Kind.DOUBLE}) {
            if (p != Kind.OBJECT && p != kind || q != Kind.OBJECT && q != kind) {
                continue;
            }
            Label other = b.newLabel();
            test(p, left, kind, other);
            test(q, right, kind, other);
            unboxed(x.left(), p, left, kind);
            unboxed(x.right(), q, right, kind);
            compare(x.operator(), kind, target, when);
            b.goto_(end).labelBinding(other);
        }
    }

    private void test(Kind known, int local, Kind kind, Label other) {
        if (known == Kind.OBJECT) {
            b.aload(local)
                    .instanceOf(kind == Kind.LONG ? Types.LONG_BOX : Types.DOUBLE_BOX)
                    .ifeq(other);
        }
    }

    private void unboxed(Expression x, Kind known, int local, Kind kind) {
        if (known != Kind.OBJECT) {
            if (local < 0) {
                e.expressions.natural(x);
            } else {
                e.load(known, local);
            }
            return;
        }
        b.aload(local);
        e.operators.unbox(kind);
    }

    /** Compares two primitives on the stack. The comparison instruction is the one that makes NaN fail. */
    private void compare(Operator op, Kind kind, Label target, boolean when) {
        boolean less = op == Operator.LT || op == Operator.LE;
        if (kind == Kind.LONG) {
            b.lcmp();
        } else if (less) {
            b.dcmpg();
        } else {
            b.dcmpl();
        }
        Opcode yes = switch (op) {
            case LT -> Opcode.IFLT;
            case LE -> Opcode.IFLE;
            case GT -> Opcode.IFGT;
            default -> Opcode.IFGE;
        };
        Opcode no = switch (op) {
            case LT -> Opcode.IFGE;
            case LE -> Opcode.IFGT;
            case GT -> Opcode.IFLE;
            default -> Opcode.IFLT;
        };
        b.branch(when ? yes : no, target);
    }
}
