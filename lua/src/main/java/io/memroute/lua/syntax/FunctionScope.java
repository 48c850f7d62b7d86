package io.memroute.lua.syntax;

import io.memroute.lua.LuaError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parser's knowledge of a function while reading it: the variables in scope, the labels, the gotos still without
 * target.
 */
final class FunctionScope {
    private static final int MAX_LOCALS = 200;
    private static final int MAX_UPVALUES = 255;

    final @Nullable FunctionScope outer;
    final FunctionBody body;
    private final Lexer lexer;
    private final List<LocalVariable> active = new ArrayList<>();

    /** The first active variable of each open block, with the loops among them. */
    private @Nullable BlockScope block;

    private final List<Statement.Label> visibleLabels = new ArrayList<>();
    private final List<PendingGoto> pending = new ArrayList<>();

    static final class BlockScope {
        final @Nullable BlockScope outer;
        final Block block;
        final boolean loop;
        final int firstLocal;
        final int firstLabel;
        final int firstGoto;

        BlockScope(
                @Nullable BlockScope outer, Block block, boolean loop, int firstLocal, int firstLabel, int firstGoto) {
            this.outer = outer;
            this.block = block;
            this.loop = loop;
            this.firstLocal = firstLocal;
            this.firstLabel = firstLabel;
            this.firstGoto = firstGoto;
        }
    }

    private static final class PendingGoto {
        final Statement.Goto statement;
        int activeLocals;

        PendingGoto(Statement.Goto statement, int activeLocals) {
            this.statement = statement;
            this.activeLocals = activeLocals;
        }
    }

    FunctionScope(@Nullable FunctionScope outer, FunctionBody body, Lexer lexer) {
        this.outer = outer;
        this.body = body;
        this.lexer = lexer;
    }

    // ---- blocks ----

    /** The innermost block that is open. */
    Block block() {
        return innermost().block;
    }

    private BlockScope innermost() {
        return Objects.requireNonNull(block, "no block is open");
    }

    /** Whether the innermost block is that of the main chunk. */
    boolean isOutermost() {
        return outer == null && innermost().outer == null;
    }

    Block open(boolean loop) {
        Block b = new Block(block == null ? null : block.block);
        block = new BlockScope(block, b, loop, active.size(), visibleLabels.size(), pending.size());
        return b;
    }

    void close() {
        BlockScope b = innermost();
        block = b.outer;
        while (visibleLabels.size() > b.firstLabel) {
            visibleLabels.removeLast();
        }
        while (active.size() > b.firstLocal) {
            active.removeLast();
        }
        for (int i = b.firstGoto; i < pending.size(); i++) {
            PendingGoto g = pending.get(i);
            g.activeLocals = Math.min(g.activeLocals, b.firstLocal);
            if (b.outer == null) {
                throw lexer.semanticError(
                        "no visible label '" + g.statement.name + "' for <goto> at line " + g.statement.line());
            }
        }
    }

    boolean insideLoop() {
        for (BlockScope b = block; b != null; b = b.outer) {
            if (b.loop) {
                return true;
            }
        }
        return false;
    }

    // ---- variables ----

    /** A new variable that is not in scope yet; {@code index} counts those of the same statement. */
    LocalVariable declare(String name, LocalVariable.Attribute attribute, int index, boolean hidden) {
        if (active.size() + index + 1 > MAX_LOCALS) {
            throw limit("local variables", MAX_LOCALS);
        }
        int slot = active.size() + index;
        body.slots = Math.max(body.slots, slot + 1);
        return new LocalVariable(name, attribute, slot, body, hidden);
    }

    int activeCount() {
        return active.size();
    }

    void activate(LocalVariable variable) {
        active.add(variable);
    }

    LuaError limit(String what, int limit) {
        String where = body.line == 0 ? "main function" : "function at line " + body.line;
        return lexer.error("too many " + what + " (limit is " + limit + ") in " + where);
    }

    /** The expression that {@code name} means here; none if it is a global. */
    @Nullable
    Expression resolve(String name, int line) {
        LocalVariable local = find(name);
        if (local != null) {
            return local.constant
                    ? new Expression.Constant(local.constantValue, line)
                    : new Expression.Local(local, line);
        }
        int upvalue = upvalue(name);
        if (upvalue == NOT_FOUND) {
            return null;
        }
        if (upvalue == CONSTANT) {
            return new Expression.Constant(Objects.requireNonNull(foundConstant).constantValue, line);
        }
        return new Expression.Upvalue(body.upvalues.get(upvalue), upvalue, line);
    }

    private static final int NOT_FOUND = -1;
    private static final int CONSTANT = -2;
    private @Nullable LocalVariable foundConstant;

    private int upvalue(String name) {
        for (int i = 0; i < body.upvalues.size(); i++) {
            if (body.upvalues.get(i).name().equals(name)) {
                return i;
            }
        }
        if (outer == null) {
            return NOT_FOUND;
        }
        LocalVariable local = outer.find(name);
        if (local != null) {
            if (local.constant) {
                foundConstant = local;
                return CONSTANT;
            }
            local.captured = true;
            return addUpvalue(new UpvalueDescription(name, local, true, -1));
        }
        int index = outer.upvalue(name);
        if (index == CONSTANT) {
            foundConstant = outer.foundConstant;
        }
        if (index < 0) {
            return index;
        }
        return addUpvalue(
                new UpvalueDescription(name, outer.body.upvalues.get(index).variable(), false, index));
    }

    int addUpvalue(UpvalueDescription upvalue) {
        if (body.upvalues.size() >= MAX_UPVALUES) {
            throw limit("upvalues", MAX_UPVALUES);
        }
        body.upvalues.add(upvalue);
        return body.upvalues.size() - 1;
    }

    private @Nullable LocalVariable find(String name) {
        for (int i = active.size() - 1; i >= 0; i--) {
            LocalVariable v = active.get(i);
            if (!v.hidden && v.name.equals(name)) {
                return v;
            }
        }
        return null;
    }

    // ---- labels ----

    /** The label this name means for a goto at this place, if it was seen already. */
    Statement.Goto jump(String name, int line) {
        Statement.Goto g = new Statement.Goto(name, line);
        for (int i = visibleLabels.size() - 1; i >= 0; i--) {
            Statement.Label label = visibleLabels.get(i);
            if (label.name.equals(name)) {
                label.backward = true;
                g.target = label;
                body.hasLoop = true;
                return g;
            }
        }
        pending.add(new PendingGoto(g, active.size()));
        return g;
    }

    void checkNewLabel(String name) {
        for (Statement.Label label : visibleLabels) {
            if (label.name.equals(name)) {
                throw lexer.semanticError("label '" + name + "' already defined on line " + label.line());
            }
        }
    }

    /**
     * {@code last} says that only void statements follow, so that the block's variables count as out of scope already.
     */
    void label(Statement.Label label, boolean last) {
        visibleLabels.add(label);
        BlockScope b = innermost();
        b.block.labels = true;
        int inScope = last ? b.firstLocal : active.size();
        for (int i = b.firstGoto; i < pending.size(); ) {
            PendingGoto g = pending.get(i);
            if (!g.statement.name.equals(label.name)) {
                i++;
                continue;
            }
            if (g.activeLocals < inScope) {
                throw lexer.semanticError("<goto " + label.name + "> at line " + g.statement.line()
                        + " jumps into the scope of local '" + active.get(g.activeLocals).name + "'");
            }
            g.statement.target = label;
            pending.remove(i);
        }
    }
}
