package io.memroute.lua.lib.debug;

import io.memroute.lua.syntax.Block;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Statement;
import java.util.Set;
import java.util.TreeSet;

/** The lines of a function on which a statement starts, or that end it: where a line hook can stop. */
final class ActiveLines {
    private final Set<Integer> lines = new TreeSet<>();

    private ActiveLines() {}

    static Set<Integer> of(FunctionBody body) {
        ActiveLines a = new ActiveLines();
        a.block(body.block);
        a.lines.add(body.lastLine);
        return a.lines;
    }

    private void block(Block block) {
        for (Statement s : block.statements) {
            if (!(s instanceof Statement.Label)) {
                lines.add(s.line());
            }
            switch (s) {
                case Statement.Do d -> block(d.block());
                case Statement.While w -> block(w.block());
                case Statement.Repeat r -> {
                    block(r.block());
                    lines.add(r.condition().line());
                }
                case Statement.If i -> {
                    i.conditions().forEach(c -> lines.add(c.line()));
                    i.blocks().forEach(this::block);
                }
                case Statement.NumericFor n -> block(n.block());
                case Statement.GenericFor g -> block(g.block());
                default -> {}
            }
        }
    }
}
