package io.memroute.lua.compile;

import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.Site;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Emits calls. A called function may give a pending tail call instead of results, so every call site resolves what it
 * gets: see {@link io.memroute.lua.Calls#resolve}.
 */
final class CallEmitter {
    private final BodyEmitter e;
    private final CodeBuilder b;

    /** The call that is a statement of its own, at which a resumable function may be left. */
    private @Nullable Expression statement;

    /** The locals with what is to be closed there. */
    private List<Integer> closings = List.of();

    CallEmitter(BodyEmitter emitter) {
        e = emitter;
        b = emitter.b;
    }

    /**
     * Says that the expression emitted next is all that a statement evaluates, with nothing else on the operand stack.
     *
     * @param inScope the locals with what is to be closed
     */
    void isStatement(Expression x, List<Integer> inScope) {
        statement = x;
        closings = inScope;
    }

    /** Leaves the first result. */
    void single(Expression call) {
        raw(call, call);
        b.aload(BodyEmitter.STATE)
                .swap()
                .invokestatic(Types.CALLS, "first", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT));
    }

    /** Leaves all results of a call, or the varargs, as {@link io.memroute.lua.Results} say. */
    void multiple(Expression x) {
        if (x instanceof Expression.Varargs) {
            b.aload(e.varargs);
            return;
        }
        raw(x, x);
        b.aload(BodyEmitter.STATE)
                .swap()
                .invokestatic(Types.CALLS, "resolve", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT));
    }

    /** Drops the results. */
    void statement(Expression call) {
        raw(call, call);
        b.aload(BodyEmitter.STATE)
                .swap()
                .invokestatic(Types.CALLS, "discard", Types.method(Types.VOID, Types.STATE, Types.OBJECT));
    }

    private void raw(Expression call, Site site) {
        ClassDesc receiver = function(call);
        b.aload(BodyEmitter.STATE);
        int given = arguments(call);
        e.site(site);
        if (given >= 0) {
            b.invokevirtual(receiver, "call", Types.call(given));
        } else {
            b.invokevirtual(receiver, "invoke", Types.INVOKE);
        }
        if (call == statement) {
            e.points.leaveAtWait(closings);
        }
    }

    /** The local that keeps a method call's object from {@link #function} to {@link #arguments}. */
    private int self;

    /**
     * Leaves the function to call, as a receiver of the given class. For a method call the object stays in a local for
     * the arguments.
     */
    private ClassDesc function(Expression call) {
        if (call instanceof Expression.MethodCall m) {
            int object;
            if (m.object() instanceof Expression.Local l
                    && !l.variable().needsCell()
                    && e.kind(l.variable()) == Kind.OBJECT) {
                object = e.localOf(l.variable());
            } else {
                e.expressions.object(m.object());
                object = e.local(Kind.OBJECT);
                b.astore(object);
            }
            b.aload(BodyEmitter.STATE).aload(object);
            e.expressions.constant(m.name());
            e.site(m);
            b.invokestatic(
                    Types.INDEXING, "index", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT, Types.STRING));
            b.invokestatic(Types.CALLS, "function", Types.method(Types.FUNCTION, Types.OBJECT));
            self = object;
            return Types.FUNCTION;
        }
        Expression f = ((Expression.Call) call).function();
        if (e.isSelf(f)) {
            b.aload(0);
            return e.owner;
        }
        e.expressions.object(f);
        b.invokestatic(Types.CALLS, "function", Types.method(Types.FUNCTION, Types.OBJECT));
        return Types.FUNCTION;
    }

    /** Leaves the arguments: so many objects, or, for -1, one array. */
    private int arguments(Expression call) {
        int object = self;
        boolean method = call instanceof Expression.MethodCall;
        List<Expression> list =
                method ? ((Expression.MethodCall) call).arguments() : ((Expression.Call) call).arguments();
        int first = method ? 1 : 0;
        int n = list.size();
        boolean open = n > 0 && list.getLast().isMultiple();
        if (!open && n + first <= Compiler.MAX_DIRECT) {
            if (method) {
                b.aload(object);
            }
            for (Expression a : list) {
                e.expressions.object(a);
            }
            return n + first;
        }
        if (open && n + first == 1) {
            multiple(list.getFirst());
            b.invokestatic(Types.RESULTS, "all", Types.method(Types.ARRAY, Types.OBJECT));
            return -1;
        }
        int fixed = n + first - (open ? 1 : 0);
        array(fixed, method ? object : -1, list);
        if (open) {
            multiple(list.getLast());
            e.budgetOfCopy();
            b.invokestatic(Types.CALLS, "append", Types.method(Types.ARRAY, Types.ARRAY, Types.OBJECT));
        }
        return -1;
    }

    /**
     * An array of the first {@code count} values: the object of a method call if {@code object} is its local, then
     * expressions.
     */
    private void array(int count, int object, List<Expression> list) {
        b.loadConstant(count).anewarray(Types.OBJECT);
        int at = 0;
        if (object >= 0) {
            b.dup().loadConstant(at++).aload(object).aastore();
        }
        for (int i = 0; at < count; i++, at++) {
            b.dup().loadConstant(at);
            e.expressions.object(list.get(i));
            b.aastore();
        }
    }

    /** All values of a list as one array; the list is not empty. */
    void list(List<Expression> list) {
        boolean open = list.getLast().isMultiple();
        array(list.size() - (open ? 1 : 0), -1, list);
        if (open) {
            multiple(list.getLast());
            e.budgetOfCopy();
            b.invokestatic(Types.CALLS, "append", Types.method(Types.ARRAY, Types.ARRAY, Types.OBJECT));
        }
    }

    /**
     * Returns a call. At most depths it is made as an ordinary call whose results are passed on; at every
     * {@link BodyEmitter#TAIL_CALL_INTERVAL}th the call itself is returned for the caller to make. So the stack of an
     * endless tail recursion stays bounded, at a fraction of the cost.
     */
    void tail(Expression call) {
        if (call instanceof Expression.Call c && e.isSelf(c.function()) && loops(c)) {
            return;
        }
        int mark = e.mark();
        Site site = new Site.TailCall(call);
        ClassDesc receiver = function(call);
        int f = e.local(Kind.OBJECT);
        b.astore(f);
        int given = arguments(call);
        int values = Math.abs(given);
        int[] locals = new int[values];
        for (int i = values - 1; i >= 0; i--) {
            locals[i] = e.local(Kind.OBJECT);
            b.astore(locals[i]);
        }
        Label ordinary = b.newLabel();
        Label end = b.newLabel();
        b.aload(BodyEmitter.STATE)
                .getfield(Types.STATE, "depth", Types.INT)
                .loadConstant(BodyEmitter.TAIL_CALL_INTERVAL - 1)
                .iand()
                .ifne(ordinary);
        b.aload(BodyEmitter.STATE).aload(f);
        for (int l : locals) {
            b.aload(l);
        }
        e.site(call);
        if (given >= 0) {
            ClassDesc[] p = new ClassDesc[given + 2];
            java.util.Arrays.fill(p, Types.OBJECT);
            p[0] = Types.STATE;
            p[1] = Types.FUNCTION;
            b.invokestatic(Types.CALLS, "tailCall", Types.method(Types.OBJECT, p));
        } else {
            b.invokestatic(
                    Types.CALLS, "tailInvoke", Types.method(Types.OBJECT, Types.STATE, Types.FUNCTION, Types.ARRAY));
        }
        b.goto_(end).labelBinding(ordinary);
        b.aload(f).aload(BodyEmitter.STATE);
        for (int l : locals) {
            b.aload(l);
        }
        e.site(site);
        if (given >= 0) {
            b.invokevirtual(receiver, "call", Types.call(given));
        } else {
            b.invokevirtual(receiver, "invoke", Types.INVOKE);
        }
        b.labelBinding(end);
        e.leave();
        b.areturn();
        e.release(mark);
    }

    /** A tail call of the function to itself: a jump to its start. False if it does not lend itself to that. */
    private boolean loops(Expression.Call c) {
        int p = e.body.parameters.size();
        if (e.start == null
                || c.arguments().size() > p
                || !c.arguments().isEmpty() && c.arguments().getLast().isMultiple()) {
            return false;
        }
        for (Expression a : c.arguments()) {
            e.expressions.object(a);
        }
        for (int i = c.arguments().size(); i < p; i++) {
            b.aconst_null();
        }
        for (int i = p - 1; i >= 0; i--) {
            b.astore(2 + i);
        }
        e.budget(c);
        b.goto_(e.start);
        return true;
    }
}
