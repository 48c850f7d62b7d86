package io.memroute.lua.interpret;

import io.memroute.lua.Execution;
import io.memroute.lua.LuaState;
import io.memroute.lua.code.Cell;
import io.memroute.lua.syntax.Block;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.LocalVariable;
import io.memroute.lua.syntax.Site;
import org.jspecify.annotations.Nullable;

/** One activation of an interpreted function, linked to the next outer one on the same stack. */
public final class Frame {
    final LuaState state;
    public final InterpretedFunction function;
    final FunctionBody body;
    final Object[] slots;
    /** The arguments beyond the parameters; an array of its own, as {@code debug.setlocal} may change it. */
    public final Object[] varargs;

    public final Frame outer;

    /** The variables in scope at their places; what {@code debug.getlocal} shows. */
    final LocalVariable[] names;

    /** The place of execution. */
    public Site site;

    /** The block being executed. */
    Block block;

    /** The results of a return statement. */
    Object result;

    /** To-be-closed scopes open: calls are then no tail calls. */
    int closing;

    /** The line reported last to a hook. */
    int hookLine = -1;

    public boolean tailCalled;

    /** Whether it was entered to run a hook. */
    public boolean hook;

    Frame(LuaState state, InterpretedFunction function, Object[] varargs) {
        this.state = state;
        this.function = function;
        this.body = function.body;
        this.slots = new Object[body.slots];
        this.names = body.debug ? new LocalVariable[body.slots] : null;
        this.varargs = varargs;
        this.outer = (Frame) Execution.frames(state);
    }

    public int line() {
        return site == null ? body.line : site.line();
    }

    void declare(LocalVariable variable, Object value) {
        slots[variable.slot] = variable.needsCell() ? new Cell(value) : value;
        if (names != null) {
            names[variable.slot] = variable;
        }
    }

    Object get(LocalVariable variable) {
        Object v = slots[variable.slot];
        return v instanceof Cell c ? c.value : v;
    }

    void set(LocalVariable variable, Object value) {
        if (slots[variable.slot] instanceof Cell c) {
            c.value = value;
        } else {
            slots[variable.slot] = value;
        }
    }

    /** Forgets the variables at and above a place, whose scope ended. */
    void leave(int slot) {
        for (int i = slot; i < names.length; i++) {
            names[i] = null;
            slots[i] = null;
        }
    }

    // ---- for the debug library ----

    public void setVararg(int index, Object value) {
        varargs[index] = value;
    }

    /** The first of the values that a call or return hook is about, as {@code ftransfer}. */
    public int transferFirst() {
        return transferCount() == 0 ? 0 : 1;
    }

    public int transferCount() {
        return transfer;
    }

    /** The number of values that a call passed in, while its hook runs. */
    int transfer;

    /** The name of the {@code n}-th variable in scope (1-based); none if there are fewer. */
    public @Nullable String localName(int n) {
        return names != null && n >= 1 && n <= names.length && names[n - 1] != null ? names[n - 1].name : null;
    }

    public Object local(int n) {
        return slots[n - 1] instanceof Cell c ? c.value : slots[n - 1];
    }

    public void setLocal(int n, Object value) {
        set(names[n - 1], value);
    }
}
