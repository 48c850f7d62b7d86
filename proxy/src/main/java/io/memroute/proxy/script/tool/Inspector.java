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

/**
 * What {@code mcp.req_inspector_new} and {@code mcp.res_inspector_new} make: a function of a request or a response that returns the results of all
 * its steps.
 *
 * @see "proxy-api.md section 3.13"
 */
final class Inspector {

    private static final String TOOL = "inspector";

    private Inspector() {}

    static LuaFunction forRequests() {
        return LuaFunction.varargs("req_inspector_new", (L, tables) -> {
            InspectorStep[] steps = new InspectorStep[tables.length];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = requestStep(L, new StepTable(L, tables[i], TOOL, i + 1));
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

    private static InspectorStep requestStep(LuaState L, StepTable table) {
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

    private static int results(InspectorStep[] steps) {
        int results = 0;
        for (InspectorStep step : steps) {
            results += step.results();
        }
        return results;
    }

    private static Object finished(Object[] results) {
        return results.length == 1 ? results[0] : Results.of(results);
    }

    private static final class OfRequests extends Function1 {
        private final InspectorStep[] steps;
        private final int results;

        OfRequests(InspectorStep[] steps) {
            super(TOOL);
            this.steps = steps;
            this.results = results(steps);
        }

        @Override
        public Object call(LuaState L, Object what) {
            if (!(what instanceof ToolRequest subject)) {
                throw Args.bad(L, 1, "invalid argument to inspector object");
            }
            Request request = subject.request();
            Object[] found = new Object[results];
            int at = 0;
            for (InspectorStep step : steps) {
                step.inspect(request, found, at);
                at += step.results();
            }
            return finished(found);
        }
    }

    private static final class OfReplies extends Function1 {
        private final FlagStep[] steps;
        private final int results;

        OfReplies(FlagStep[] steps) {
            super(TOOL);
            this.steps = steps;
            this.results = results(steps);
        }

        @Override
        public Object call(LuaState L, Object what) {
            if (!(what instanceof ToolReply subject)) {
                throw Args.bad(L, 1, "invalid argument to inspector object");
            }
            Reply reply = subject.view();
            Object[] found = new Object[results];
            int at = 0;
            for (FlagStep step : steps) {
                step.inspect(reply, found, at);
                at += step.results();
            }
            return finished(found);
        }
    }
}
