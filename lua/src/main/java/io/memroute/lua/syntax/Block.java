package io.memroute.lua.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sequence of statements and the scope of the variables declared in it. */
public final class Block {
    public final @Nullable Block outer;
    public final List<Statement> statements = new ArrayList<>();

    /** Whether a to-be-closed variable is declared directly in it. */
    public boolean closes;

    /** Whether a label is declared directly in it. */
    public boolean labels;

    public Block(@Nullable Block outer) {
        this.outer = outer;
    }
}
