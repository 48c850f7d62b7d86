package io.memroute.lua;

/** What {@code debug.sethook} set. The interpreter reports to it. */
public interface DebugHook {

    /** Whether and how often count events are wanted; 0 is never. */
    int count();

    boolean onLines();

    boolean onCalls();

    boolean onReturns();

    /** Runs the hook; {@code line} is -1 where the event has none. */
    void event(LuaState L, LuaString event, int line);
}
