package io.memroute.lua.interpret;

import io.memroute.lua.Calls;
import io.memroute.lua.Comparison;
import io.memroute.lua.Concatenation;
import io.memroute.lua.Execution;
import io.memroute.lua.Indexing;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.ToBeClosed;
import io.memroute.lua.code.Closures;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.runtime.Arithmetic;
import io.memroute.lua.runtime.ForLoop;
import io.memroute.lua.syntax.Block;
import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.LocalVariable;
import io.memroute.lua.syntax.Site;
import io.memroute.lua.syntax.Statement;
import io.memroute.lua.syntax.UpvalueDescription;
import java.util.Arrays;
import java.util.List;

/**
 * Walks the tree. A statement's outcome is {@link #NORMAL}, {@link #BREAK}, {@link #RETURN} (the results are in the
 * frame) or the label a goto is on its way to; a block passes on what is not for it.
 */
public final class Interpreter {
    private static final Object NORMAL = new Object();
    private static final Object BREAK = new Object();
    private static final Object RETURN = new Object();

    private final LuaState L;
    private final Frame frame;

    private Interpreter(LuaState L, Frame frame) {
        this.L = L;
        this.frame = frame;
    }

    /**
     * The method whose frames on the Java stack stand for interpreted functions; see
     * {@link io.memroute.lua.CallStack.Reader}.
     */
    public static Object run(LuaState L, Frame frame) {
        Execution.setFrames(L, frame);
        frame.tailCalled = Execution.takeTailCalled(L);
        frame.hook = Execution.takeHookCalled(L);
        if (!Execution.enter(L)) {
            Execution.setFrames(L, frame.outer);
            throw Calls.depthOverflow(L);
        }
        try {
            FunctionBody body = frame.body;
            Execution.step(L);
            if (Execution.hook(L) != null) {
                Hooks.call(L, frame.tailCalled);
            }
            Interpreter i = new Interpreter(L, frame);
            Object outcome = i.block(body.block);
            if (outcome != RETURN && Execution.hook(L) != null) {
                frame.site = new FunctionEnd(body.lastLine);
                Hooks.line(L, frame, body.lastLine);
            }
            if (Execution.hook(L) != null) {
                Hooks.returning(L);
            }
            Execution.leave(L);
            return outcome == RETURN ? frame.result : Results.NONE;
        } finally {
            Execution.setFrames(L, frame.outer);
        }
    }

    /** The end of a function that runs off it. */
    private record FunctionEnd(int line) implements Site {}

    // ---- statements ----

    private Object block(Block b) {
        Object outcome = statements(b, 0);
        if (frame.names != null && !b.statements.isEmpty()) {
            leave(b);
        }
        return outcome;
    }

    private void leave(Block b) {
        for (Statement s : b.statements) {
            switch (s) {
                case Statement.Local l -> {
                    frame.leave(l.variables().getFirst().slot);
                    return;
                }
                case Statement.LocalFunction l -> {
                    frame.leave(l.variable().slot);
                    return;
                }
                default -> {}
            }
        }
    }

    private Object statements(Block b, int from) {
        List<Statement> list = b.statements;
        int i = from;
        while (i < list.size()) {
            Statement s = list.get(i++);
            boolean opensScope = s instanceof Statement.Local l && b.closes && closes(l);
            Object outcome = opensScope ? closing(b, i, (Statement.Local) s) : statement(s);
            if (outcome == NORMAL) {
                if (opensScope) {
                    return NORMAL;
                }
            } else {
                // A goto to a label of this block; one before a to-be-closed variable is left to the walk that opened
                // its scope.
                if (outcome instanceof Statement.Label label && label.block == b && label.index >= from - 1) {
                    i = label.index;
                    Execution.step(L);
                    continue;
                }
                return outcome;
            }
        }
        return NORMAL;
    }

    private static boolean closes(Statement.Local l) {
        for (LocalVariable v : l.variables()) {
            if (v.attribute == LocalVariable.Attribute.CLOSE) {
                return true;
            }
        }
        return false;
    }

    /** Runs the rest of a block after the declaration of a to-be-closed variable, then closes it. */
    private Object closing(Block b, int rest, Statement.Local l) {
        local(l);
        LocalVariable variable = null;
        for (LocalVariable v : l.variables()) {
            if (v.attribute == LocalVariable.Attribute.CLOSE) {
                variable = v;
            }
        }
        ToBeClosed scope = ToBeClosed.open(L, frame.get(variable), variable.name);
        return closing(scope, () -> statements(b, rest));
    }

    private Object closing(ToBeClosed scope, java.util.function.Supplier<Object> inside) {
        Object outcome;
        frame.closing++;
        try {
            outcome = inside.get();
            if (outcome == RETURN) {
                frame.result = Calls.resolve(L, frame.result);
            }
        } catch (Throwable t) {
            frame.closing--;
            Execution.setFrames(L, frame);
            frame.site = new Site.Unwinding(frame.line());
            throw scope.failed(t);
        }
        frame.closing--;
        Object result = frame.result;
        frame.site = new Site.Closing(frame.line());
        scope.close();
        frame.result = result;
        return outcome;
    }

    private Object statement(Statement s) {
        frame.site = s;
        if (Execution.hook(L) != null) {
            Hooks.line(L, frame, s.line());
        }
        switch (s) {
            case Statement.Local l -> local(l);
            case Statement.Assign a -> assign(a);
            case Statement.Call c -> multiple(c.call());
            case Statement.LocalFunction l -> localFunction(l);
            case Statement.Do d -> {
                return block(d.block());
            }
            case Statement.If i -> {
                return branch(i);
            }
            case Statement.While w -> {
                return loop(w);
            }
            case Statement.Repeat r -> {
                return repeat(r);
            }
            case Statement.NumericFor n -> {
                return numericFor(n);
            }
            case Statement.GenericFor g -> {
                return genericFor(g);
            }
            case Statement.Return r -> {
                return returning(r);
            }
            case Statement.Break b -> {
                return BREAK;
            }
            case Statement.Goto g -> {
                return g.target;
            }
            case Statement.Label l -> {}
        }
        return NORMAL;
    }

    private void local(Statement.Local l) {
        List<LocalVariable> variables = l.variables();
        if (variables.size() == 1 && l.values().size() == 1) {
            frame.declare(variables.getFirst(), value(l.values().getFirst()));
            return;
        }
        Object[] values = values(l.values(), variables.size());
        for (int i = 0; i < variables.size(); i++) {
            frame.declare(variables.get(i), values[i]);
        }
    }

    private void localFunction(Statement.LocalFunction l) {
        frame.declare(l.variable(), null);
        LuaFunction f = function(l.function().body());
        frame.set(l.variable(), f);
        if (l.variable().captured && !l.variable().needsCell()) {
            Closures.bindSelf(f, l.variable());
        }
    }

    private void assign(Statement.Assign a) {
        List<Expression> targets = a.targets();
        if (targets.size() == 1 && a.values().size() == 1) {
            switch (targets.getFirst()) {
                case Expression.Index i -> {
                    Object object = value(i.object());
                    Object key = value(i.key());
                    Object v = value(a.values().getFirst());
                    frame.site = new Site.Store(i);
                    Indexing.setIndex(L, object, key, v);
                }
                case Expression t -> store(t, value(a.values().getFirst()));
            }
            return;
        }
        Object[] objects = new Object[targets.size()];
        Object[] keys = new Object[targets.size()];
        for (int i = 0; i < objects.length; i++) {
            if (targets.get(i) instanceof Expression.Index index) {
                objects[i] = value(index.object());
                keys[i] = value(index.key());
            }
        }
        Object[] values = values(a.values(), objects.length);
        for (int i = objects.length - 1; i >= 0; i--) {
            Expression t = targets.get(i);
            if (t instanceof Expression.Index index) {
                frame.site = new Site.Store(index);
                Indexing.setIndex(L, objects[i], keys[i], values[i]);
            } else {
                store(t, values[i]);
            }
        }
    }

    private void store(Expression target, Object value) {
        switch (target) {
            case Expression.Local l -> frame.set(l.variable(), value);
            case Expression.Upvalue u -> frame.function.setUpvalue(u.index(), value);
            default -> throw new IllegalStateException("not assignable: " + target);
        }
    }

    private Object branch(Statement.If s) {
        List<Expression> conditions = s.conditions();
        for (int i = 0; i < conditions.size(); i++) {
            if (truth(value(conditions.get(i)))) {
                return block(s.blocks().get(i));
            }
        }
        return s.blocks().size() > conditions.size() ? block(s.blocks().getLast()) : NORMAL;
    }

    private static boolean truth(Object value) {
        return value != null && value != Boolean.FALSE;
    }

    private void turn(int line) {
        Execution.step(L);
        if (Execution.hook(L) != null) {
            Hooks.back(L, frame, line);
        }
    }

    private Object loop(Statement.While w) {
        while (truth(value(w.condition()))) {
            Object outcome = block(w.block());
            if (outcome != NORMAL) {
                if (outcome == BREAK) {
                    break;
                }
                return outcome;
            }
            turn(w.condition().line());
        }
        return NORMAL;
    }

    private Object repeat(Statement.Repeat r) {
        while (true) {
            Block b = r.block();
            boolean[] done = {false};
            // The condition belongs to the block's scope, also for what the block closes.
            Object outcome = repeatBody(b, 0, r.condition(), done);
            if (outcome == BREAK) {
                return NORMAL;
            }
            if (outcome != NORMAL) {
                return outcome;
            }
            if (done[0]) {
                return NORMAL;
            }
            turn(b.statements.isEmpty() ? r.line() : b.statements.getFirst().line());
        }
    }

    private Object repeatBody(Block b, int from, Expression condition, boolean[] done) {
        if (b.closes) {
            int i = from;
            while (i < b.statements.size()) {
                Statement s = b.statements.get(i++);
                if (s instanceof Statement.Local l && closes(l)) {
                    int rest = i;
                    local(l);
                    LocalVariable variable = l.variables().stream()
                            .filter(v -> v.attribute == LocalVariable.Attribute.CLOSE)
                            .findFirst()
                            .orElseThrow();
                    return closing(
                            ToBeClosed.open(L, frame.get(variable), variable.name),
                            () -> repeatBody(b, rest, condition, done));
                }
                Object outcome = statement(s);
                if (outcome != NORMAL) {
                    if (outcome instanceof Statement.Label label && label.block == b && label.index >= from) {
                        i = label.index;
                        continue;
                    }
                    return outcome;
                }
            }
        } else {
            Object outcome = statements(b, 0);
            if (outcome != NORMAL) {
                return outcome;
            }
        }
        done[0] = truth(value(condition));
        return NORMAL;
    }

    private Object numericFor(Statement.NumericFor n) {
        Object start = value(n.start());
        Object limit = value(n.limit());
        Object step = n.step() == null ? (Object) 1L : value(n.step());
        frame.site = n;
        if (start instanceof Long i && step instanceof Long by) {
            if (!ForLoop.runs(L, i, limit, by)) {
                return NORMAL;
            }
            long last = ForLoop.last(i, limit, by);
            for (long value = i; ; value += by) {
                Object outcome = forTurn(n, value);
                if (outcome != NORMAL) {
                    return outcome == BREAK ? NORMAL : outcome;
                }
                if (value == last) {
                    return NORMAL;
                }
            }
        }
        double last = ForLoop.limit(L, limit);
        double by = ForLoop.step(L, step);
        for (double value = ForLoop.start(L, start); ForLoop.runs(L, value, last, by); value += by) {
            Object outcome = forTurn(n, value);
            if (outcome != NORMAL) {
                return outcome == BREAK ? NORMAL : outcome;
            }
        }
        return NORMAL;
    }

    private Object forTurn(Statement.NumericFor n, Object value) {
        frame.declare(n.variable(), value);
        Object outcome = block(n.block());
        if (frame.names != null) {
            frame.leave(n.variable().slot);
        }
        turn(n.line());
        return outcome;
    }

    private Object genericFor(Statement.GenericFor g) {
        Object[] init = values(g.values(), 4);
        frame.site = g;
        if (frame.names != null) {
            for (int i = 0; i < 4; i++) {
                frame.declare(g.hidden().get(i), init[i]);
            }
        }
        Object outcome;
        if (init[3] != null) {
            ToBeClosed scope = ToBeClosed.open(L, init[3], "(for state)");
            outcome = closing(scope, () -> genericTurns(g, init));
        } else {
            outcome = genericTurns(g, init);
        }
        if (frame.names != null) {
            frame.leave(g.hidden().getFirst().slot);
        }
        return outcome;
    }

    private Object genericTurns(Statement.GenericFor g, Object[] init) {
        Object control = init[2];
        List<LocalVariable> variables = g.variables();
        while (true) {
            frame.site = g;
            Object r = Calls.resolve(L, Calls.call(L, init[0], init[1], control));
            control = Results.first(r);
            if (control == null) {
                return NORMAL;
            }
            frame.declare(variables.getFirst(), control);
            for (int i = 1; i < variables.size(); i++) {
                frame.declare(variables.get(i), Results.get(r, i));
            }
            Object outcome = block(g.block());
            if (frame.names != null) {
                frame.leave(variables.getFirst().slot);
            }
            if (outcome != NORMAL) {
                return outcome == BREAK ? NORMAL : outcome;
            }
            turn(g.line());
        }
    }

    private Object returning(Statement.Return r) {
        List<Expression> values = r.values();
        if (values.size() == 1) {
            Expression e = values.getFirst();
            frame.result = frame.closing == 0 && (e instanceof Expression.Call || e instanceof Expression.MethodCall)
                    ? tailCall(e)
                    : multiple(e);
        } else {
            frame.result = values.isEmpty() ? Results.NONE : all(values, Results.NONE);
        }
        return RETURN;
    }

    // ---- lists of values ----

    /** Exactly {@code wanted} values. */
    private Object[] values(List<Expression> expressions, int wanted) {
        Object[] values = new Object[Math.max(wanted, 1)];
        int n = expressions.size();
        for (int i = 0; i < n; i++) {
            Expression e = expressions.get(i);
            if (i == n - 1 && e.isMultiple() && wanted > n) {
                Object r = multiple(e);
                for (int j = i; j < wanted; j++) {
                    values[j] = Results.get(r, j - i);
                }
            } else {
                Object v = value(e);
                if (i < wanted) {
                    values[i] = v;
                }
            }
        }
        return values;
    }

    /** All values, those of a last call or {@code ...} included, after {@code before}. */
    private Object[] all(List<Expression> expressions, Object[] before) {
        int n = expressions.size();
        int b = before.length;
        Object[] values = Arrays.copyOf(before, b + n);
        for (int i = 0; i < n; i++) {
            Expression e = expressions.get(i);
            if (i == n - 1 && e.isMultiple()) {
                Object r = Calls.copied(L, multiple(e));
                if (Results.isMany(r)) {
                    Object[] more = (Object[]) r;
                    Object[] joined = Arrays.copyOf(values, b + i + more.length);
                    System.arraycopy(more, 0, joined, b + i, more.length);
                    return joined;
                }
                values[b + i] = r;
            } else {
                values[b + i] = value(e);
            }
        }
        return values;
    }

    // ---- expressions ----

    /** All values of an expression, as results. */
    private Object multiple(Expression e) {
        return switch (e) {
            case Expression.Call c -> {
                Object f = value(c.function());
                Object[] args = all(c.arguments(), Results.NONE);
                frame.site = c;
                yield Calls.resolve(L, Calls.invoke(L, hooked(f), args));
            }
            case Expression.MethodCall m -> {
                Object self = value(m.object());
                frame.site = m;
                Object f = Indexing.index(L, self, m.name());
                Object[] args = all(m.arguments(), new Object[] {self});
                frame.site = m;
                yield Calls.resolve(L, Calls.invoke(L, hooked(f), args));
            }
            case Expression.Varargs v -> frame.varargs;
            default -> value(e);
        };
    }

    /** Java functions called from inspected code report to hooks. */
    private Object hooked(Object f) {
        return frame.names != null && f instanceof LuaFunction fn && !(f instanceof Prototyped)
                ? new HookedFunction(fn)
                : f;
    }

    private Object tailCall(Expression e) {
        Object f;
        Object[] args;
        if (e instanceof Expression.Call c) {
            f = value(c.function());
            args = all(c.arguments(), Results.NONE);
        } else {
            Expression.MethodCall m = (Expression.MethodCall) e;
            Object self = value(m.object());
            frame.site = m;
            f = Indexing.index(L, self, m.name());
            args = all(m.arguments(), new Object[] {self});
        }
        frame.site = e;
        // A Java function keeps its caller on the stack, and what is not a function is called here so that the error
        // names it.
        return f instanceof Prototyped fn ? Calls.tailInvoke(L, fn, args) : Calls.invoke(L, hooked(f), args);
    }

    private Object value(Expression e) {
        return switch (e) {
            case Expression.Constant c -> c.value();
            case Expression.Local l -> frame.get(l.variable());
            case Expression.Upvalue u -> frame.function.upvalue(u.index());
            case Expression.Index i -> {
                Object object = value(i.object());
                Object key = value(i.key());
                frame.site = i;
                yield key instanceof LuaString s ? Indexing.index(L, object, s) : Indexing.index(L, object, key);
            }
            case Expression.Call c -> Results.first(multiple(c));
            case Expression.MethodCall m -> Results.first(multiple(m));
            case Expression.Varargs v -> Results.first(frame.varargs);
            case Expression.Parenthesized p -> value(p.inner());
            case Expression.And a -> {
                Object left = value(a.left());
                yield truth(left) ? value(a.right()) : left;
            }
            case Expression.Or o -> {
                Object left = value(o.left());
                yield truth(left) ? left : value(o.right());
            }
            case Expression.Function f -> function(f.body());
            case Expression.Binary b -> binary(b);
            case Expression.Unary u -> unary(u);
            case Expression.Concat c -> {
                Object[] operands = new Object[c.operands().size()];
                for (int i = 0; i < operands.length; i++) {
                    operands[i] = value(c.operands().get(i));
                }
                frame.site = c;
                yield Concatenation.concat(L, operands);
            }
            case Expression.Table t -> table(t);
        };
    }

    private Object unary(Expression.Unary u) {
        Object x = value(u.operand());
        frame.site = u;
        return switch (u.operator()) {
            case UNM -> Arithmetic.unm(L, x);
            case BNOT -> Arithmetic.bnot(L, x);
            case LEN -> Indexing.length(L, x);
            default -> !truth(x);
        };
    }

    private Object binary(Expression.Binary b) {
        // A chain of left operands can be thousands long; it is walked without recursion.
        if (b.left() instanceof Expression.Binary) {
            java.util.ArrayDeque<Expression.Binary> chain = new java.util.ArrayDeque<>();
            Expression e = b;
            while (e instanceof Expression.Binary inner) {
                chain.push(inner);
                e = inner.left();
            }
            Object x = value(e);
            for (Expression.Binary each : chain) {
                x = binary(each, x, value(each.right()));
            }
            return x;
        }
        return binary(b, value(b.left()), value(b.right()));
    }

    private Object binary(Expression.Binary b, Object x, Object y) {
        frame.site = b;
        return switch (b.operator()) {
            case ADD -> Arithmetic.add(L, x, y);
            case SUB -> Arithmetic.sub(L, x, y);
            case MUL -> Arithmetic.mul(L, x, y);
            case MOD -> Arithmetic.mod(L, x, y);
            case POW -> Arithmetic.pow(L, x, y);
            case DIV -> Arithmetic.div(L, x, y);
            case IDIV -> Arithmetic.idiv(L, x, y);
            case BAND -> Arithmetic.band(L, x, y);
            case BOR -> Arithmetic.bor(L, x, y);
            case BXOR -> Arithmetic.bxor(L, x, y);
            case SHL -> Arithmetic.shl(L, x, y);
            case SHR -> Arithmetic.shr(L, x, y);
            case EQ -> Comparison.equal(L, x, y);
            case NE -> !Comparison.equal(L, x, y);
            case LT -> Comparison.lessThan(L, x, y);
            case LE -> Comparison.lessOrEqual(L, x, y);
            case GT -> Comparison.lessThan(L, y, x);
            case GE -> Comparison.lessOrEqual(L, y, x);
            default -> throw new IllegalStateException("not binary: " + b.operator());
        };
    }

    private Object table(Expression.Table t) {
        List<Expression.Field> fields = t.fields();
        int items = 0;
        for (Expression.Field f : fields) {
            if (f.key() == null) {
                items++;
            }
        }
        LuaTable table = new LuaTable(items, fields.size() - items);
        int next = 1;
        for (int i = 0; i < fields.size(); i++) {
            Expression.Field f = fields.get(i);
            if (f.key() != null) {
                Object key = value(f.key());
                Object v = value(f.value());
                frame.site = t;
                Indexing.setIndex(L, table, key, v);
            } else if (i == fields.size() - 1 && f.value().isMultiple()) {
                table.items(next, Calls.copied(L, multiple(f.value())));
            } else {
                table.item(next++, value(f.value()));
            }
        }
        return table;
    }

    private LuaFunction function(FunctionBody body) {
        List<UpvalueDescription> descriptions = body.upvalues;
        Object[] upvalues = new Object[descriptions.size()];
        for (int i = 0; i < upvalues.length; i++) {
            UpvalueDescription d = descriptions.get(i);
            upvalues[i] = d.fromLocal() ? frame.slots[d.variable().slot] : frame.function.rawUpvalue(d.outerIndex());
        }
        return frame.function.closures.of(body, upvalues);
    }
}
