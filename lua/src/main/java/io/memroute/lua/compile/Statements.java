package io.memroute.lua.compile;

import io.memroute.lua.LuaString;
import io.memroute.lua.syntax.Block;
import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.LocalVariable;
import io.memroute.lua.syntax.Site;
import io.memroute.lua.syntax.Statement;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Emits statements and blocks. */
final class Statements {
    private final BodyEmitter e;
    private final CodeBuilder b;
    private final Map<Statement.Label, Label> labels = new IdentityHashMap<>();
    private final Set<Statement.Label> passed = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Locals of to-be-closed variables that were cleared at the start of their block. */
    private final Map<Statement.Local, Integer> prepared = new IdentityHashMap<>();

    /** A to-be-closed variable in scope: the local with its {@code ToBeClosed}, and where it was declared. */
    private record Closing(int local, Block block, int index) {}

    /** Innermost first. */
    private final Deque<Closing> closings = new ArrayDeque<>();

    /** An enclosing loop: where break goes, and how many to-be-closed variables are in scope there. */
    private record Loop(Label end, int closings) {}

    private final Deque<Loop> loops = new ArrayDeque<>();

    Statements(BodyEmitter emitter) {
        e = emitter;
        b = emitter.b;
    }

    void block(Block block) {
        int mark = e.mark();
        statements(block, 0, null);
        e.release(mark);
    }

    /** Emits the statements from an index on, then {@code end}, which still sees their variables. */
    private void statements(Block block, int from, @Nullable Runnable end) {
        if (block.closes && from == 0 && block.labels) {
            // A goto may jump over a declaration to the end of the block, where the variable is closed.
            for (int i = 0; i < block.statements.size(); i++) {
                if (block.statements.get(i) instanceof Statement.Local l && closing(l) != null) {
                    int local = e.local(Kind.OBJECT);
                    b.aconst_null().astore(local);
                    prepared.put(l, local);
                    e.points.keep(local, Types.TO_BE_CLOSED);
                }
            }
        }
        for (int i = from; i < block.statements.size(); i++) {
            Statement s = block.statements.get(i);
            LocalVariable v = block.closes && s instanceof Statement.Local l ? closing(l) : null;
            if (v != null && s instanceof Statement.Local l) {
                int index = i;
                local(l);
                closingScope(l, v, block, index, () -> statements(block, index + 1, end));
                return;
            }
            statement(s);
        }
        if (end != null) {
            end.run();
        }
    }

    private static @Nullable LocalVariable closing(Statement.Local l) {
        for (LocalVariable v : l.variables()) {
            if (v.attribute == LocalVariable.Attribute.CLOSE) {
                return v;
            }
        }
        return null;
    }

    private void closingScope(Statement.Local l, LocalVariable v, Block block, int index, Runnable inside) {
        Integer known = prepared.get(l);
        int local = known != null ? known : e.local(Kind.OBJECT);
        b.aload(BodyEmitter.STATE);
        e.push(v);
        b.loadConstant(v.name);
        e.site(l);
        b.invokestatic(
                Types.TO_BE_CLOSED,
                "open",
                Types.method(
                        Types.TO_BE_CLOSED, Types.STATE, Types.OBJECT, java.lang.constant.ConstantDescs.CD_String));
        b.astore(local);
        protectedScope(local, block, index, l, inside);
    }

    /** Emits {@code inside} so that the scope in {@code local} is closed however it is left. */
    private void protectedScope(int local, Block block, int index, Site site, Runnable inside) {
        Label start = b.newLabel();
        Label end = b.newLabel();
        Label handler = b.newLabel();
        Label after = b.newLabel();
        closings.push(new Closing(local, block, index));
        e.points.keep(local, Types.TO_BE_CLOSED);
        b.labelBinding(start).nop();
        inside.run();
        b.labelBinding(end);
        closings.pop();
        close(local, site);
        b.goto_(after);
        b.labelBinding(handler);
        int thrown = e.local(Kind.OBJECT);
        b.astore(thrown).aload(local).checkcast(Types.TO_BE_CLOSED).aload(thrown);
        e.site(new Site.Unwinding(site.line()));
        b.invokestatic(
                        Types.TO_BE_CLOSED,
                        "failed",
                        Types.method(Types.RUNTIME_EXCEPTION, Types.TO_BE_CLOSED, Types.THROWABLE))
                .athrow();
        b.exceptionCatch(start, end, handler, Types.THROWABLE);
        b.labelBinding(after);
    }

    private void close(int local, Site site) {
        b.aload(local).checkcast(Types.TO_BE_CLOSED);
        e.site(new Site.Closing(site.line()));
        b.invokestatic(Types.TO_BE_CLOSED, "close", Types.method(Types.VOID, Types.TO_BE_CLOSED));
    }

    private void statement(Statement s) {
        switch (s) {
            case Statement.Local l -> local(l);
            case Statement.Assign a -> assign(a);
            case Statement.Call c -> {
                onlyValue(c.call());
                e.calls.statement(c.call());
            }
            case Statement.Do d -> block(d.block());
            case Statement.While w -> loop(w);
            case Statement.Repeat r -> repeat(r);
            case Statement.If i -> branch(i);
            case Statement.NumericFor n -> new Loops(e, this).numeric(n);
            case Statement.GenericFor g -> new Loops(e, this).generic(g);
            case Statement.LocalFunction f -> localFunction(f);
            case Statement.Return r -> returning(r);
            case Statement.Break k -> {
                Loop loop = loops.peek();
                leave(closings.size() - loop.closings, s);
                b.goto_(loop.end);
            }
            case Statement.Goto g -> jump(g);
            case Statement.Label l -> {
                b.labelBinding(label(l));
                passed.add(l);
            }
        }
    }

    private Label label(Statement.Label l) {
        return labels.computeIfAbsent(l, k -> b.newLabel());
    }

    /** Closes the innermost {@code count} to-be-closed variables on the way out. */
    private void leave(int count, Site site) {
        Iterator<Closing> it = closings.iterator();
        for (int i = 0; i < count; i++) {
            close(it.next().local, site);
        }
    }

    private void jump(Statement.Goto g) {
        Statement.Label target = Objects.requireNonNull(g.target, g.name);
        int count = 0;
        for (Closing c : closings) {
            boolean left =
                    c.block == target.block ? seen(target) && c.index >= target.index : isInside(c.block, target.block);
            if (!left) {
                break;
            }
            count++;
        }
        leave(count, g);
        if (seen(target)) {
            e.budget(g);
        }
        b.goto_(label(target));
    }

    /** Whether the label was passed already, so that a goto to it jumps backwards. */
    private boolean seen(Statement.Label target) {
        return passed.contains(target);
    }

    private static boolean isInside(Block inner, Block outer) {
        for (Block x = inner.outer; x != null; x = x.outer) {
            if (x == outer) {
                return true;
            }
        }
        return false;
    }

    /** Says that the expression is all that the statement evaluates: a resumable function may be left there. */
    private void onlyValue(Expression x) {
        if (e.resumable) {
            e.calls.isStatement(x, closings.stream().map(Closing::local).toList());
        }
    }

    // ---- variables ----

    private void local(Statement.Local l) {
        List<LocalVariable> variables = l.variables();
        List<Expression> values = l.values();
        if (variables.size() == 1 && values.size() == 1) {
            LocalVariable v = variables.getFirst();
            if (v.constant) {
                return;
            }
            onlyValue(values.getFirst());
            value(values.getFirst(), e.kind(v));
            e.storeNew(v, e.declare(v));
            return;
        }
        if (values.size() == 1) {
            onlyValue(values.getFirst());
        }
        int[] locals =
                values(values, variables.size(), i -> i < variables.size() ? e.kind(variables.get(i)) : Kind.OBJECT);
        for (int i = 0; i < variables.size(); i++) {
            LocalVariable v = variables.get(i);
            if (v.needsCell()) {
                b.aload(locals[i]);
                e.storeNew(v, e.declare(v));
            } else if (!v.constant) {
                e.declare(v, locals[i]);
            }
        }
    }

    /** Evaluates into a value of the kind, which is the expression's own or object. */
    void value(Expression x, Kind kind) {
        if (kind == Kind.OBJECT) {
            e.expressions.object(x);
        } else {
            e.expressions.natural(x);
        }
    }

    private interface KindAt {
        Kind of(int index);
    }

    /** Evaluates a list into fresh locals, {@code wanted} of them; further values are computed and dropped. */
    int[] values(List<Expression> list, int wanted) {
        return values(list, wanted, i -> Kind.OBJECT);
    }

    private int[] values(List<Expression> list, int wanted, KindAt kinds) {
        int[] locals = new int[wanted];
        int n = list.size();
        for (int i = 0; i < n; i++) {
            Expression x = list.get(i);
            if (i == n - 1 && x.isMultiple() && wanted > n) {
                e.calls.multiple(x);
                int results = e.local(Kind.OBJECT);
                b.astore(results);
                for (int j = i; j < wanted; j++) {
                    locals[j] = e.local(Kind.OBJECT);
                    b.aload(results)
                            .loadConstant(j - i)
                            .invokestatic(Types.RESULTS, "get", Types.method(Types.OBJECT, Types.OBJECT, Types.INT))
                            .astore(locals[j]);
                }
                return locals;
            }
            if (i < wanted) {
                Kind k = kinds.of(i);
                value(x, k);
                locals[i] = e.local(k);
                e.store(k, locals[i]);
            } else if (x instanceof Expression.Call || x instanceof Expression.MethodCall) {
                e.calls.statement(x);
            } else {
                e.expressions.object(x);
                b.pop();
            }
        }
        for (int i = n; i < wanted; i++) {
            locals[i] = e.local(Kind.OBJECT);
            b.aconst_null().astore(locals[i]);
        }
        return locals;
    }

    private void localFunction(Statement.LocalFunction f) {
        LocalVariable v = f.variable();
        if (v.needsCell()) {
            int l = e.declare(v);
            b.aconst_null();
            e.storeNew(v, l);
            b.aload(l);
            e.closure(f.function().body(), v);
            b.putfield(Types.CELL, "value", Types.OBJECT);
            return;
        }
        e.closure(f.function().body(), v);
        int l = e.declare(v);
        b.astore(l);
        var upvalues = f.function().body().upvalues;
        for (int i = 0; i < upvalues.size(); i++) {
            if (upvalues.get(i).variable() == v) {
                b.aload(l)
                        .checkcast(Types.PROTOTYPED)
                        .loadConstant(i)
                        .aload(l)
                        .invokevirtual(
                                Types.PROTOTYPED, "setRawUpvalue", Types.method(Types.VOID, Types.INT, Types.OBJECT));
            }
        }
    }

    private void assign(Statement.Assign a) {
        List<Expression> targets = a.targets();
        if (targets.size() == 1 && a.values().size() == 1) {
            assign(targets.getFirst(), a.values().getFirst());
            return;
        }
        int mark = e.mark();
        int n = targets.size();
        int[] objects = new int[n];
        int[] keys = new int[n];
        for (int i = 0; i < n; i++) {
            if (targets.get(i) instanceof Expression.Index x) {
                objects[i] = temporary(x.object());
                keys[i] = x.key() instanceof Expression.Constant ? -1 : temporary(x.key());
            }
        }
        int[] values = values(
                a.values(),
                n,
                i -> i < n && targets.get(i) instanceof Expression.Local l ? e.kind(l.variable()) : Kind.OBJECT);
        for (int i = n - 1; i >= 0; i--) {
            switch (targets.get(i)) {
                case Expression.Index x -> {
                    b.aload(BodyEmitter.STATE).aload(objects[i]);
                    boolean name = x.key() instanceof Expression.Constant c && c.value() instanceof LuaString;
                    if (keys[i] < 0) {
                        e.expressions.object(x.key());
                    } else {
                        b.aload(keys[i]);
                    }
                    b.aload(values[i]);
                    e.site(new Site.Store(x));
                    b.invokestatic(
                            Types.INDEXING,
                            "setIndex",
                            Types.method(
                                    Types.VOID,
                                    Types.STATE,
                                    Types.OBJECT,
                                    name ? Types.STRING : Types.OBJECT,
                                    Types.OBJECT));
                }
                case Expression.Local l -> {
                    Kind k = e.kind(l.variable());
                    if (l.variable().needsCell()) {
                        b.aload(e.localOf(l.variable())).aload(values[i]).putfield(Types.CELL, "value", Types.OBJECT);
                    } else {
                        e.load(k, values[i]);
                        e.store(k, e.localOf(l.variable()));
                    }
                }
                case Expression.Upvalue u -> {
                    e.pushRawUpvalue(u.index());
                    b.aload(values[i]).putfield(Types.CELL, "value", Types.OBJECT);
                }
                default -> throw new IllegalStateException("not assignable: " + targets.get(i));
            }
        }
        e.release(mark);
    }

    private int temporary(Expression x) {
        e.expressions.object(x);
        int l = e.local(Kind.OBJECT);
        b.astore(l);
        return l;
    }

    private void assign(Expression target, Expression value) {
        switch (target) {
            case Expression.Local l
            when l.variable().needsCell() -> {
                b.aload(e.localOf(l.variable()));
                e.expressions.object(value);
                b.putfield(Types.CELL, "value", Types.OBJECT);
            }
            case Expression.Local l -> {
                onlyValue(value);
                value(value, e.kind(l.variable()));
                e.store(e.kind(l.variable()), e.localOf(l.variable()));
            }
            case Expression.Upvalue u -> {
                e.pushRawUpvalue(u.index());
                e.expressions.object(value);
                b.putfield(Types.CELL, "value", Types.OBJECT);
            }
            case Expression.Index x -> {
                b.aload(BodyEmitter.STATE);
                e.expressions.object(x.object());
                var key = Types.OBJECT;
                if (x.key() instanceof Expression.Constant c && c.value() instanceof LuaString) {
                    key = Types.STRING;
                    e.expressions.object(x.key());
                } else if (e.kinds.of(x.key()) == Kind.LONG) {
                    key = Types.LONG;
                    e.expressions.natural(x.key());
                } else {
                    e.expressions.object(x.key());
                }
                e.expressions.object(value);
                e.site(new Site.Store(x));
                b.invokestatic(
                        Types.INDEXING,
                        "setIndex",
                        Types.method(Types.VOID, Types.STATE, Types.OBJECT, key, Types.OBJECT));
            }
            default -> throw new IllegalStateException("not assignable: " + target);
        }
    }

    // ---- control ----

    private void branch(Statement.If s) {
        Label end = b.newLabel();
        int n = s.conditions().size();
        boolean otherwise = s.blocks().size() > n;
        for (int i = 0; i < n; i++) {
            Label next = b.newLabel();
            e.conditions.jump(s.conditions().get(i), next, false);
            block(s.blocks().get(i));
            if (i < n - 1 || otherwise) {
                b.goto_(end);
            }
            b.labelBinding(next);
        }
        if (otherwise) {
            block(s.blocks().getLast());
        }
        b.labelBinding(end);
    }

    /** Emits a loop's inside; {@code end} is where break goes. */
    void inLoop(Label end, Runnable inside) {
        loops.push(new Loop(end, closings.size()));
        inside.run();
        loops.pop();
    }

    private void loop(Statement.While w) {
        Label top = b.newLabel();
        Label end = b.newLabel();
        b.labelBinding(top);
        e.conditions.jump(w.condition(), end, false);
        inLoop(end, () -> block(w.block()));
        e.budget(w);
        b.goto_(top).labelBinding(end);
    }

    private void repeat(Statement.Repeat r) {
        Label top = b.newLabel();
        Label end = b.newLabel();
        b.labelBinding(top);
        int mark = e.mark();
        inLoop(end, () -> {
            if (r.block().closes) {
                // The outcome is kept while the block's variables are closed.
                int again = e.local(Kind.OBJECT);
                statements(r.block(), 0, () -> {
                    Label no = b.newLabel();
                    Label known = b.newLabel();
                    e.conditions.jump(r.condition(), no, false);
                    b.aconst_null().astore(again).goto_(known).labelBinding(no);
                    e.expressions.constant(Boolean.TRUE);
                    b.astore(again).labelBinding(known);
                });
                b.aload(again).ifnull(end);
            } else {
                statements(r.block(), 0, () -> e.conditions.jump(r.condition(), end, true));
            }
        });
        e.release(mark);
        e.budget(r);
        b.goto_(top).labelBinding(end);
    }

    private void returning(Statement.Return r) {
        List<Expression> values = r.values();
        if (values.size() == 1
                && closings.isEmpty()
                && (values.getFirst() instanceof Expression.Call
                        || values.getFirst() instanceof Expression.MethodCall)) {
            e.calls.tail(values.getFirst());
            return;
        }
        if (values.isEmpty()) {
            b.getstatic(Types.RESULTS, "NONE", Types.ARRAY);
        } else if (values.size() == 1) {
            if (values.getFirst().isMultiple()) {
                e.calls.multiple(values.getFirst());
            } else {
                e.expressions.object(values.getFirst());
            }
        } else {
            e.calls.list(values);
        }
        if (!closings.isEmpty()) {
            int result = e.local(Kind.OBJECT);
            b.astore(result);
            leave(closings.size(), r);
            b.aload(result);
        }
        e.leave();
        b.areturn();
    }

    /** Emits a loop whose closing value is to be closed; {@code block} is the hidden one around the loop's own. */
    void closingLoop(int local, Block block, Site site, Runnable inside) {
        protectedScope(local, block, 0, site, inside);
    }
}
