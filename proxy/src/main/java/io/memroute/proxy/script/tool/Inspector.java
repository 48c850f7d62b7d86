package io.memroute.proxy.script.tool;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import org.jspecify.annotations.Nullable;

/**
 * Made by {@code mcp.req_inspector_new} and {@code mcp.res_inspector_new}: a function of a request or a response that
 * returns the results of all its steps.
 *
 * @see "docs/reference/proxy-api.md section 3.13"
 */
final class Inspector {

    private static final String TOOL = "inspector";

    private Inspector() {}

    static LuaFunction forRequests() {
        return LuaFunction.varargs("req_inspector_new", (L, tables) -> {
            InspectorStep[] steps = new InspectorStep[tables.length];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = requestStep(new StepTable(L, tables[i], TOOL, i + 1));
            }
            return new OfRequests(steps);
        });
    }

    static LuaFunction forReplies() {
        return LuaFunction.varargs("res_inspector_new", (L, tables) -> {
            FlagStep[] steps = new FlagStep[tables.length];
            for (int i = 0; i < steps.length; i++) {
                StepTable table = new StepTable(L, tables[i], TOOL, i + 1);
                steps[i] = flagStep(table, table.kind());
            }
            return new OfReplies(steps);
        });
    }

    // ---- reading steps ----

    private static InspectorStep requestStep(StepTable table) {
        String kind = table.kind();
        return switch (kind) {
            case "sepkey" -> keyPiece(table);
            case "keybegin" -> new InspectorStep.KeyMatch(comparedText(table), false);
            case "keyis" -> new InspectorStep.KeyMatch(comparedText(table), true);
            default -> flagStep(table, kind);
        };
    }

    private static FlagStep flagStep(StepTable table, String kind) {
        return switch (kind) {
            case "hasflag" -> new FlagStep(FlagStep.Question.PRESENT, table.flag(), null);
            case "flagtoken" -> new FlagStep(FlagStep.Question.TEXT, table.flag(), null);
            case "flagint" -> new FlagStep(FlagStep.Question.NUMBER, table.flag(), null);
            case "flagis" -> new FlagStep(FlagStep.Question.EQUALS, table.flag(), comparedText(table));
            default -> throw table.incompatible();
        };
    }

    private static InspectorStep keyPiece(StepTable table) {
        LuaString separator = table.field("sep") == null ? LuaString.of("/") : table.text("sep");
        if (separator.length() != 1) {
            throw table.error("separator must be one character");
        }
        Object given = table.field("pos");
        Long position = given == null ? (Long) 1L : StepTable.integer(given);
        if (position == null || position < 1) {
            throw table.error("'pos' must be an integer of at least 1");
        }
        Object map = table.field("map");
        if (map != null && !(map instanceof LuaTable)) {
            throw table.error("'map' must be a table");
        }
        return new InspectorStep.KeyPiece((byte) separator.byteAt(0), position, (LuaTable) map);
    }

    private static byte[] comparedText(StepTable table) {
        LuaString text = table.text("str");
        if (text.length() == 0) {
            throw table.error("'str' must have nonzero length");
        }
        return text.bytes();
    }

    // ---- running them ----

    /** Asks steps of one kind about subjects of one kind. */
    private abstract static class Inspection<T extends @Nullable Object, S extends InspectorStep> extends Function1 {
        private final S[] steps;
        private final int results;

        Inspection(S[] steps) {
            super(TOOL);
            this.steps = steps;
            int count = 0;
            for (S step : steps) {
                count += step.results();
            }
            this.results = count;
        }

        final @Nullable Object inspect(T subject) {
            @Nullable Object[] found = new @Nullable Object[results];
            int at = 0;
            for (S step : steps) {
                ask(step, subject, found, at);
                at += step.results();
            }
            return found.length == 1 ? found[0] : Results.of(found);
        }

        abstract void ask(S step, T subject, @Nullable Object[] found, int at);
    }

    private static final class OfRequests extends Inspection<Request, InspectorStep> {
        OfRequests(InspectorStep[] steps) {
            super(steps);
        }

        @Override
        public @Nullable Object call(LuaState L, Object what) {
            if (!(what instanceof ToolRequest subject)) {
                throw Args.bad(L, 1, "invalid argument to inspector object");
            }
            return inspect(subject.request());
        }

        @Override
        void ask(InspectorStep step, Request subject, @Nullable Object[] found, int at) {
            step.inspect(subject, found, at);
        }
    }

    private static final class OfReplies extends Inspection<@Nullable Reply, FlagStep> {
        OfReplies(FlagStep[] steps) {
            super(steps);
        }

        @Override
        public @Nullable Object call(LuaState L, Object what) {
            if (!(what instanceof ToolReply subject)) {
                throw Args.bad(L, 1, "invalid argument to inspector object");
            }
            return inspect(subject.view());
        }

        @Override
        void ask(FlagStep step, @Nullable Reply subject, @Nullable Object[] found, int at) {
            step.inspect(subject, found, at);
        }
    }
}
