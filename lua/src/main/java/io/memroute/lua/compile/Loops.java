package io.memroute.lua.compile;

import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.LocalVariable;
import io.memroute.lua.syntax.Statement;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.util.Objects;

/** Emits the for loops. */
final class Loops {
    private final BodyEmitter e;
    private final Statements statements;
    private final CodeBuilder b;

    Loops(BodyEmitter emitter, Statements statements) {
        this.e = emitter;
        this.statements = statements;
        this.b = emitter.b;
    }

    // ---- numeric ----

    void numeric(Statement.NumericFor n) {
        int mark = e.mark();
        if (e.kinds.loop(n) == Kind.LONG) {
            longLoop(n);
        } else {
            anyLoop(n);
        }
        e.release(mark);
    }

    /** Start and step are integers. */
    private void longLoop(Statement.NumericFor n) {
        Label end = b.newLabel();
        int i = e.local(Kind.LONG);
        int last = e.local(Kind.LONG);
        e.expressions.natural(n.start());
        b.lstore(i);
        Kind limitKind = e.kinds.of(n.limit());
        int limit = e.local(limitKind);
        e.expressions.natural(n.limit());
        e.store(limitKind, limit);
        long step = 1;
        boolean constantStep = n.step() == null;
        int by = -1;
        if (n.step() instanceof Expression.Constant c && c.value() instanceof Long s && s != 0) {
            constantStep = true;
            step = s;
        } else if (n.step() != null) {
            by = e.local(Kind.LONG);
            e.expressions.natural(n.step());
            b.lstore(by);
        }
        e.site(n);
        if (limitKind == Kind.LONG && constantStep) {
            b.lload(i).lload(limit).lcmp().branch(step > 0 ? Opcode.IFGT : Opcode.IFLT, end);
            if (step == 1 || step == -1) {
                b.lload(limit).lstore(last);
            } else {
                b.lload(i)
                        .lload(limit)
                        .loadConstant(step)
                        .invokestatic(
                                Types.FOR_LOOP, "last", Types.method(Types.LONG, Types.LONG, Types.LONG, Types.LONG))
                        .lstore(last);
            }
        } else {
            b.aload(BodyEmitter.STATE).lload(i);
            e.load(limitKind, limit);
            e.box(limitKind);
            step(constantStep, step, by);
            b.invokestatic(
                            Types.FOR_LOOP,
                            "runs",
                            Types.method(Types.BOOLEAN, Types.STATE, Types.LONG, Types.OBJECT, Types.LONG))
                    .ifeq(end);
            b.lload(i);
            e.load(limitKind, limit);
            e.box(limitKind);
            step(constantStep, step, by);
            b.invokestatic(Types.FOR_LOOP, "last", Types.method(Types.LONG, Types.LONG, Types.OBJECT, Types.LONG))
                    .lstore(last);
        }
        e.points.keep(i, Types.LONG);
        e.points.keep(last, Types.LONG);
        if (by >= 0) {
            e.points.keep(by, Types.LONG);
        }
        Label top = b.newLabel();
        b.labelBinding(top);
        LocalVariable v = n.variable();
        Kind kind = e.kind(v);
        b.lload(i);
        if (kind == Kind.OBJECT) {
            e.box(Kind.LONG);
        }
        e.storeNew(v, e.declare(v));
        statements.inLoop(end, () -> statements.block(n.block()));
        e.budget(n);
        boolean byDistance = constantStep && (step == 1 || step == -1);
        b.lload(i).lload(last).lcmp().branch(byDistance ? (step > 0 ? Opcode.IFGE : Opcode.IFLE) : Opcode.IFEQ, end);
        b.lload(i);
        step(constantStep, step, by);
        b.ladd().lstore(i).goto_(top).labelBinding(end);
    }

    private void step(boolean constant, long step, int local) {
        if (constant) {
            b.loadConstant(step);
        } else {
            b.lload(local);
        }
    }

    /**
     * Whether it is an integer loop is known only when it runs. One body serves both; the JIT drops the case that never
     * happens.
     */
    private void anyLoop(Statement.NumericFor n) {
        Label end = b.newLabel();
        int start = object(n.start());
        int limit = object(n.limit());
        int by = e.local(Kind.OBJECT);
        if (n.step() == null) {
            e.expressions.constant(1L);
        } else {
            e.expressions.object(n.step());
        }
        b.astore(by);
        int longI = e.local(Kind.LONG);
        int longLast = e.local(Kind.LONG);
        int longStep = e.local(Kind.LONG);
        int doubleI = e.local(Kind.DOUBLE);
        int doubleLast = e.local(Kind.DOUBLE);
        int doubleStep = e.local(Kind.DOUBLE);
        int floats = e.local(Kind.OBJECT);
        b.lconst_0().lstore(longI).lconst_0().lstore(longLast).lconst_0().lstore(longStep);
        b.dconst_0().dstore(doubleI).dconst_0().dstore(doubleLast).dconst_0().dstore(doubleStep);
        for (int l : new int[] {longI, longLast, longStep}) {
            e.points.keep(l, Types.LONG);
        }
        for (int l : new int[] {doubleI, doubleLast, doubleStep}) {
            e.points.keep(l, Types.DOUBLE);
        }
        e.points.keep(floats, Types.INT);
        Label prepareFloats = b.newLabel();
        Label top = b.newLabel();
        b.aload(start).instanceOf(Types.LONG_BOX).ifeq(prepareFloats);
        b.aload(by).instanceOf(Types.LONG_BOX).ifeq(prepareFloats);
        unbox(start, Kind.LONG);
        b.lstore(longI);
        unbox(by, Kind.LONG);
        b.lstore(longStep);
        e.site(n);
        b.aload(BodyEmitter.STATE).lload(longI).aload(limit).lload(longStep);
        b.invokestatic(
                        Types.FOR_LOOP,
                        "runs",
                        Types.method(Types.BOOLEAN, Types.STATE, Types.LONG, Types.OBJECT, Types.LONG))
                .ifeq(end);
        b.lload(longI).aload(limit).lload(longStep);
        b.invokestatic(Types.FOR_LOOP, "last", Types.method(Types.LONG, Types.LONG, Types.OBJECT, Types.LONG))
                .lstore(longLast);
        b.iconst_0().istore(floats).goto_(top);

        b.labelBinding(prepareFloats);
        e.site(n);
        number("limit", limit, doubleLast);
        number("step", by, doubleStep);
        number("start", start, doubleI);
        floatRuns(doubleI, doubleLast, doubleStep, end);
        b.iconst_1().istore(floats);

        b.labelBinding(top);
        Label isFloat = b.newLabel();
        Label ready = b.newLabel();
        b.iload(floats).ifne(isFloat);
        b.lload(longI);
        e.box(Kind.LONG);
        b.goto_(ready).labelBinding(isFloat).dload(doubleI);
        e.box(Kind.DOUBLE);
        b.labelBinding(ready);
        LocalVariable v = n.variable();
        e.storeNew(v, e.declare(v));
        statements.inLoop(end, () -> statements.block(n.block()));
        e.budget(n);
        Label floatStep = b.newLabel();
        b.iload(floats).ifne(floatStep);
        b.lload(longI).lload(longLast).lcmp().ifeq(end);
        b.lload(longI).lload(longStep).ladd().lstore(longI).goto_(top);
        b.labelBinding(floatStep);
        b.dload(doubleI).dload(doubleStep).dadd().dstore(doubleI);
        floatRuns(doubleI, doubleLast, doubleStep, end);
        b.goto_(top).labelBinding(end);
    }

    private int object(Expression x) {
        e.expressions.object(x);
        int l = e.local(Kind.OBJECT);
        b.astore(l);
        return l;
    }

    private void unbox(int local, Kind kind) {
        b.aload(local);
        e.operators.unbox(kind);
    }

    private void number(String role, int local, int into) {
        b.aload(BodyEmitter.STATE)
                .aload(local)
                .invokestatic(Types.FOR_LOOP, role, Types.method(Types.DOUBLE, Types.STATE, Types.OBJECT))
                .dstore(into);
    }

    private void floatRuns(int i, int last, int step, Label end) {
        b.aload(BodyEmitter.STATE).dload(i).dload(last).dload(step);
        b.invokestatic(
                        Types.FOR_LOOP,
                        "runs",
                        Types.method(Types.BOOLEAN, Types.STATE, Types.DOUBLE, Types.DOUBLE, Types.DOUBLE))
                .ifeq(end);
    }

    // ---- generic ----

    void generic(Statement.GenericFor g) {
        int mark = e.mark();
        int[] init = statements.values(g.values(), 4);
        int closing = e.local(Kind.OBJECT);
        e.site(g);
        b.aload(BodyEmitter.STATE).aload(init[3]);
        b.invokestatic(Types.TO_BE_CLOSED, "openLoop", Types.method(Types.TO_BE_CLOSED, Types.STATE, Types.OBJECT))
                .astore(closing);
        if (g.values().size() < 4 && !g.values().getLast().isMultiple()) {
            turns(g, init);
        } else {
            statements.closingLoop(closing, Objects.requireNonNull(g.block().outer), g, () -> turns(g, init));
        }
        e.release(mark);
    }

    private void turns(Statement.GenericFor g, int[] init) {
        Label top = b.newLabel();
        Label end = b.newLabel();
        int walk = e.local(Kind.OBJECT);
        b.aload(init[0]).aload(init[1]).aload(init[2]);
        b.invokestatic(Types.TABLE_WALK, "of", Types.objects(Types.TABLE_WALK, 3))
                .astore(walk);
        for (int i = 0; i < 3; i++) {
            e.points.keep(init[i], Types.OBJECT);
        }
        e.points.keep(walk, Types.TABLE_WALK);
        b.labelBinding(top);
        int count = g.variables().size();
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = e.local(Kind.OBJECT);
        }
        Label call = b.newLabel();
        Label ready = b.newLabel();
        b.aload(walk).ifnull(call);
        b.aload(walk)
                .invokevirtual(Types.TABLE_WALK, "next", Types.method(Types.OBJECT))
                .dup()
                .astore(values[0])
                .ifnull(end);
        for (int i = 1; i < count; i++) {
            if (i == 1) {
                b.aload(walk).invokevirtual(Types.TABLE_WALK, "value", Types.method(Types.OBJECT));
            } else {
                b.aconst_null();
            }
            b.astore(values[i]);
        }
        b.goto_(ready).labelBinding(call);
        b.aload(init[0]).invokestatic(Types.CALLS, "function", Types.method(Types.FUNCTION, Types.OBJECT));
        b.aload(BodyEmitter.STATE).aload(init[1]).aload(init[2]);
        e.site(g);
        b.invokevirtual(Types.FUNCTION, "call", Types.call(2));
        b.aload(BodyEmitter.STATE)
                .swap()
                .invokestatic(Types.CALLS, "resolve", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT));
        int results = e.local(Kind.OBJECT);
        b.astore(results);
        for (int i = 0; i < count; i++) {
            b.aload(results)
                    .loadConstant(i)
                    .invokestatic(Types.RESULTS, "get", Types.method(Types.OBJECT, Types.OBJECT, Types.INT))
                    .astore(values[i]);
        }
        b.aload(values[0]).ifnull(end);
        b.aload(values[0]).astore(init[2]);
        b.labelBinding(ready);
        for (int i = 0; i < count; i++) {
            b.aload(values[i]);
            e.storeNew(g.variables().get(i), e.declare(g.variables().get(i)));
        }
        statements.inLoop(end, () -> statements.block(g.block()));
        e.budget(g);
        b.goto_(top).labelBinding(end);
        // The JVM's interpreter keeps what dead locals refer to; a table just walked should not live as long as a main
        // chunk.
        b.aconst_null().astore(walk).aconst_null().astore(init[1]).aconst_null().astore(init[2]);
    }
}
