package io.memroute.lua.interpret;

import io.memroute.lua.Execution;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;

/** Reports to the hook of {@code debug.sethook} what the interpreter does. */
final class Hooks {
    private static final LuaString CALL = LuaString.constant("call");
    private static final LuaString TAIL_CALL = LuaString.constant("tail call");
    private static final LuaString RETURN = LuaString.constant("return");
    private static final LuaString LINE = LuaString.constant("line");

    private static final LuaString COUNT = LuaString.constant("count");

    private Hooks() {}

    static void call(LuaState L, boolean tail) {
        Execution.Hook h = Execution.hook(L);
        if (h.onCalls()) {
            h.event(L, tail ? TAIL_CALL : CALL, -1);
        }
    }

    static void returning(LuaState L) {
        Execution.Hook h = Execution.hook(L);
        if (h.onReturns()) {
            h.event(L, RETURN, -1);
        }
    }

    /** Execution reached a statement. */
    static void line(LuaState L, Frame frame, int line) {
        Execution.Hook h = Execution.hook(L);
        if (h.count() > 0 && Execution.countEvent(L, h.count())) {
            h.event(L, COUNT, -1);
        }
        if (h.onLines() && line != frame.hookLine) {
            frame.hookLine = line;
            h.event(L, LINE, line);
        }
    }

    /** Execution jumped back to a line, which is an event even if it is the same one. */
    static void back(LuaState L, Frame frame, int line) {
        frame.hookLine = -1;
        line(L, frame, line);
    }
}
