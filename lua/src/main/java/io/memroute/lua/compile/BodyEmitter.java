package io.memroute.lua.compile;

import io.memroute.lua.code.Prototyped;
import io.memroute.lua.syntax.Expression;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.LocalVariable;
import io.memroute.lua.syntax.Site;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts that emitting one function's code shares: the JVM locals, the variables in them, the sites. In the code,
 * local 0 is the function, local 1 the state, the arguments follow.
 */
final class BodyEmitter {
    static final int STATE = 1;

    /**
     * Depths at which a tail call is really made by returning it, one in so many; at others it is an ordinary call,
     * which is faster. A power of two.
     */
    static final int TAIL_CALL_INTERVAL = 128;

    final CodeBuilder b;
    final FunctionBody body;
    final ClassDesc owner;
    final Constants constants;
    final Kinds kinds;
    final Expressions expressions;
    final Operators operators;
    final Conditions conditions;
    final CallEmitter calls;
    final Statements statements;

    /** Whether operators are calls instead of inline code. */
    final boolean compact;

    /** The places at which the code can be left; none are made in a function that is not resumable. */
    final ResumePoints points;

    /** Whether the code can be left at waits and entered there again. */
    final boolean resumable;

    private final List<Site> sites = new ArrayList<>();
    private final Map<LocalVariable, Integer> variables = new IdentityHashMap<>();
    private int nextLocal;

    /** The local with the arguments beyond the parameters. */
    int varargs = -1;

    /**
     * Whether calls inside count their depth: a function without calls cannot recurse, but through metamethods, which
     * count for themselves.
     */
    private final boolean countsDepth;

    private final Function<FunctionBody, Prototyped> interpreter;

    /** The place at which a tail call to the function itself continues; the arguments are then in the parameters. */
    @Nullable
    Label start;

    BodyEmitter(
            CodeBuilder b,
            FunctionBody body,
            ClassDesc owner,
            Constants constants,
            boolean compact,
            boolean resumable,
            Function<FunctionBody, Prototyped> interpreter) {
        this.interpreter = interpreter;
        this.b = b;
        this.body = body;
        this.owner = owner;
        this.constants = constants;
        this.compact = compact;
        this.resumable = resumable;
        this.points = new ResumePoints(this);
        this.kinds = new Kinds(body);
        this.expressions = new Expressions(this);
        this.operators = new Operators(this);
        this.conditions = new Conditions(this);
        this.calls = new CallEmitter(this);
        this.statements = new Statements(this);
        this.countsDepth = true;
        sites.add(null);
    }

    List<Site> sites() {
        return sites;
    }

    void emit() {
        if (resumable) {
            emitResumable();
            return;
        }
        int p = body.parameters.size();
        if (body.vararg) {
            nextLocal = 3;
        } else {
            nextLocal = 2 + p;
        }
        Site first = new FunctionStart(body.line);
        enter(first);
        budget(first, body.vararg ? 2 : -1);
        if (body.vararg) {
            for (int i = 0; i < p; i++) {
                b.aload(2)
                        .loadConstant(i)
                        .invokestatic(Types.CALLS, "argument", Types.method(Types.OBJECT, Types.ARRAY, Types.INT));
                int local = declare(body.parameters.get(i));
                storeNew(body.parameters.get(i), local);
            }
            if (body.usesVarargs) {
                varargs = 2;
                if (p > 0) {
                    b.aload(2)
                            .loadConstant(p)
                            .invokestatic(Types.CALLS, "rest", Types.method(Types.ARRAY, Types.ARRAY, Types.INT))
                            .astore(2);
                }
            }
        } else {
            start = b.newLabel();
            b.labelBinding(start);
            for (int i = 0; i < p; i++) {
                LocalVariable v = body.parameters.get(i);
                if (v.needsCell()) {
                    b.aload(2 + i);
                    storeNew(v, declare(v));
                } else {
                    variables.put(v, 2 + i);
                }
            }
        }
        statements.block(body.block);
        leave();
        b.getstatic(Types.RESULTS, "NONE", Types.ARRAY).areturn();
    }

    /** The state is in local 1, the activation in local 2. */
    private void emitResumable() {
        nextLocal = ResumePoints.ACTIVATION + 1;
        Site first = new FunctionStart(body.line);
        enter(first);
        points.begin();
        // Going on after a wait is no step: the limit for what waits below may be reached.
        budget(first);
        for (int i = 0; i < body.parameters.size(); i++) {
            b.aload(ResumePoints.ACTIVATION)
                    .getfield(Types.ACTIVATION, "objects", Types.ARRAY)
                    .loadConstant(i)
                    .aaload();
            storeNew(body.parameters.get(i), declare(body.parameters.get(i)));
        }
        statements.block(body.block);
        leave();
        b.getstatic(Types.RESULTS, "NONE", Types.ARRAY).areturn();
        points.end();
    }

    /** The site of what happens before the first statement. */
    private record FunctionStart(int line) implements Site {}

    /** Marks code that may fail at this place. */
    void site(Site site) {
        b.lineNumber(sites.size());
        sites.add(site);
    }

    // ---- depth and budget ----

    private void enter(Site first) {
        site(first);
        if (countsDepth) {
            Label fine = b.newLabel();
            b.aload(STATE)
                    .dup()
                    .getfield(Types.STATE, "depth", Types.INT)
                    .iconst_1()
                    .iadd()
                    .dup_x1()
                    .putfield(Types.STATE, "depth", Types.INT);
            b.aload(STATE).getfield(Types.STATE, "depthLimit", Types.INT).if_icmple(fine);
            b.aload(STATE)
                    .invokestatic(Types.CALLS, "depthOverflow", Types.method(Types.LUA_ERROR, Types.STATE))
                    .athrow();
            b.labelBinding(fine);
        }
    }

    /** Before every return. */
    void leave() {
        if (countsDepth) {
            b.aload(STATE)
                    .dup()
                    .getfield(Types.STATE, "depth", Types.INT)
                    .iconst_1()
                    .isub()
                    .putfield(Types.STATE, "depth", Types.INT);
        }
    }

    /** Emits the charge of a function entry, or of a jump backwards. */
    void budget(Site site) {
        budget(site, -1);
    }

    /** @param arguments the local with the arguments that are going to be copied; negative if none are */
    private void budget(Site site, int arguments) {
        if (!body.source.budgeted()) {
            return;
        }
        site(site);
        b.aload(STATE).getfield(Types.STATE, "budget", Types.BUDGET);
        if (arguments < 0) {
            b.invokevirtual(Types.BUDGET, "step", Types.method(Types.VOID));
        } else {
            b.aload(arguments).invokevirtual(Types.BUDGET, "step", Types.method(Types.VOID, Types.ARRAY));
        }
    }

    /** Counts the results on the operand stack, which are about to be copied. */
    void budgetOfCopy() {
        if (body.source.budgeted()) {
            b.aload(STATE)
                    .swap()
                    .invokestatic(Types.CALLS, "copied", Types.method(Types.OBJECT, Types.STATE, Types.OBJECT));
        }
    }

    // ---- locals ----

    /** A fresh JVM local. */
    int local(Kind kind) {
        int l = nextLocal;
        nextLocal += kind.slots;
        return l;
    }

    int mark() {
        return nextLocal;
    }

    /** Frees the locals made since {@link #mark}. */
    void release(int mark) {
        nextLocal = mark;
        points.release(mark);
    }

    int declare(LocalVariable v) {
        int l = local(kinds.of(v));
        declare(v, l);
        return l;
    }

    /** Lets a variable live in a local that holds its value already. */
    void declare(LocalVariable v, int local) {
        variables.put(v, local);
        points.keep(local, v.needsCell() ? Types.CELL : ResumePoints.type(kinds.of(v)));
    }

    int localOf(LocalVariable v) {
        return Objects.requireNonNull(variables.get(v), v.name);
    }

    Kind kind(LocalVariable v) {
        return kinds.of(v);
    }

    void load(Kind kind, int local) {
        switch (kind) {
            case OBJECT -> b.aload(local);
            case LONG -> b.lload(local);
            case DOUBLE -> b.dload(local);
        }
    }

    void store(Kind kind, int local) {
        switch (kind) {
            case OBJECT -> b.astore(local);
            case LONG -> b.lstore(local);
            case DOUBLE -> b.dstore(local);
        }
    }

    /** Stores the value on the stack, of the variable's kind, as its first one. */
    void storeNew(LocalVariable v, int local) {
        if (v.needsCell()) {
            int t = nextLocal;
            b.astore(t)
                    .new_(Types.CELL)
                    .dup()
                    .aload(t)
                    .invokespecial(Types.CELL, "<init>", Types.method(Types.VOID, Types.OBJECT))
                    .astore(local);
        } else {
            store(kind(v), local);
        }
    }

    void push(LocalVariable v) {
        if (v.needsCell()) {
            b.aload(localOf(v)).getfield(Types.CELL, "value", Types.OBJECT);
        } else {
            load(kind(v), localOf(v));
        }
    }

    /** Pushes what a closure captures: the cell, or the value boxed. */
    void pushCaptured(LocalVariable v) {
        if (v.needsCell()) {
            b.aload(localOf(v));
        } else {
            load(kind(v), localOf(v));
            box(kind(v));
        }
    }

    void box(Kind kind) {
        switch (kind) {
            case OBJECT -> {}
            case LONG -> b.invokestatic(Types.LONG_BOX, "valueOf", Types.method(Types.LONG_BOX, Types.LONG));
            case DOUBLE -> b.invokestatic(Types.DOUBLE_BOX, "valueOf", Types.method(Types.DOUBLE_BOX, Types.DOUBLE));
        }
    }

    // ---- upvalues and closures ----

    void pushRawUpvalue(int index) {
        b.aload(0).getfield(owner, "u" + index, upvalueIsCell(index) ? Types.CELL : Types.OBJECT);
    }

    boolean upvalueIsCell(int index) {
        return body.upvalues.get(index).variable().needsCell();
    }

    void pushUpvalue(int index) {
        pushRawUpvalue(index);
        if (upvalueIsCell(index)) {
            b.getfield(Types.CELL, "value", Types.OBJECT);
        }
    }

    /**
     * Pushes a new closure. {@code self} is the variable of a local function that is being declared and not yet set.
     */
    void closure(FunctionBody inner, @Nullable LocalVariable self) {
        Prototyped prototype = Compiler.prototype(inner, interpreter);
        constants.pushPrototype(b, prototype);
        int n = inner.upvalues.size();
        boolean array = n > 3;
        if (array) {
            b.loadConstant(n).anewarray(Types.OBJECT);
        }
        for (int i = 0; i < n; i++) {
            if (array) {
                b.dup().loadConstant(i);
            }
            var u = inner.upvalues.get(i);
            if (!u.fromLocal()) {
                pushRawUpvalue(u.outerIndex());
            } else if (u.variable() == self && !self.needsCell()) {
                b.aconst_null();
            } else {
                pushCaptured(u.variable());
            }
            if (array) {
                b.aastore();
            }
        }
        if (array) {
            b.invokevirtual(Types.PROTOTYPED, "instantiate", Types.method(Types.FUNCTION, Types.ARRAY));
        } else {
            b.invokevirtual(Types.PROTOTYPED, "create", Types.objects(Types.FUNCTION, n));
        }
    }

    /**
     * Whether the expression can only be this function itself: a local function's name inside it, never assigned to. A
     * resumable function is another form of itself.
     */
    boolean isSelf(Expression e) {
        return !resumable
                && e instanceof Expression.Upvalue u
                && u.upvalue().variable() == body.self
                && !body.self.reassigned;
    }
}
