package io.memroute.lua.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of the source text, resolved. The main chunk is one, too: a vararg function with the upvalue {@code _ENV}.
 */
public final class FunctionBody {
    public final @Nullable FunctionBody outer;
    public final SourceText source;
    public final int line;
    public int lastLine;

    /**
     * The place of its text in the source: from the parenthesis before the parameters to its {@code end}. The whole
     * text for a main chunk.
     */
    public int textStart;

    public int textEnd;

    /** Whether it has the hidden parameter {@code self}. */
    public boolean method;

    public final List<LocalVariable> parameters = new ArrayList<>();
    public boolean vararg;

    /** Whether {@code ...} occurs in the body, so that the arguments beyond the parameters must be kept. */
    public boolean usesVarargs;

    /** Set as soon as its parameters are read. */
    @SuppressWarnings("NullAway.Init")
    public Block block;

    public final List<UpvalueDescription> upvalues = new ArrayList<>();

    /** The variable of the {@code local function} statement that declares this function, if one does. */
    public @Nullable LocalVariable self;

    /** Places a frame needs. */
    public int slots;

    public boolean hasLoop;

    /**
     * Whether scripts may inspect its frames (debug hooks, locals, upvalue identities): it is then interpreted with
     * every captured variable in a cell.
     */
    public final boolean debug;

    /** Syntax-tree nodes, a measure of its size; inner functions not counted. */
    public int nodes;

    /** The executor's form of this body, kept with it: all states share compiled code. */
    public volatile @Nullable Object compiled;

    /** The executor's form of this body that can be left at a wait, once one was asked for. */
    public volatile @Nullable Object resumable;

    public FunctionBody(@Nullable FunctionBody outer, SourceText source, int line, boolean debug) {
        this.outer = outer;
        this.source = source;
        this.line = line;
        this.debug = debug;
    }

    public boolean isMain() {
        return outer == null;
    }
}
