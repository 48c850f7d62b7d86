package io.memroute.lua.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement. */
public sealed interface Statement extends Site {

    /** {@code lastLine} is where its scope begins, for hooks. */
    record Local(List<LocalVariable> variables, List<Expression> values, int line) implements Statement {}

    record Assign(List<Expression> targets, List<Expression> values, int line) implements Statement {}

    /** An expression statement: a call. */
    record Call(Expression call, int line) implements Statement {}

    record Do(Block block, int line) implements Statement {}

    record While(Expression condition, Block block, int line) implements Statement {}

    /** The condition sees the block's variables. */
    record Repeat(Block block, Expression condition, int line) implements Statement {}

    /** {@code conditions} and {@code blocks} in pairs; one more block is the else part. */
    record If(List<Expression> conditions, List<Block> blocks, int line) implements Statement {}

    record NumericFor(
            LocalVariable variable,
            Expression start,
            Expression limit,
            @Nullable Expression step,
            Block block,
            int line)
            implements Statement {}

    /**
     * {@code state} is the first of the hidden variables, which hold iterator function, state, control and closing
     * value.
     */
    record GenericFor(
            List<LocalVariable> hidden, List<LocalVariable> variables, List<Expression> values, Block block, int line)
            implements Statement {}

    record LocalFunction(LocalVariable variable, Expression.Function function, int line) implements Statement {}

    record Return(List<Expression> values, int line) implements Statement {}

    record Break(int line) implements Statement {}

    /** A class, as its target is found after it was read. */
    final class Goto implements Statement {
        public final String name;
        private final int line;
        public @Nullable Label target;

        Goto(String name, int line) {
            this.name = name;
            this.line = line;
        }

        @Override
        public int line() {
            return line;
        }
    }

    /** {@code block} is the block it stands in. */
    final class Label implements Statement {
        public final String name;
        public final Block block;
        private final int line;

        /** Its index among the statements of its block. */
        public final int index;

        /** Whether a goto after it jumps back to it. */
        public boolean backward;

        Label(String name, Block block, int index, int line) {
            this.name = name;
            this.block = block;
            this.index = index;
            this.line = line;
        }

        @Override
        public int line() {
            return line;
        }
    }
}
