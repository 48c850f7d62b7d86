package io.memroute.lua;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * The door to a state for executors of Lua code; it is not for hosts. Generated classes are defined in this package, so
 * that they reach the counters of {@link LuaState} without a call.
 */
public final class Execution {
    /** The package of generated classes, which refer to the fields of {@link LuaState} directly. */
    public static final String CODE_PACKAGE = "io.memroute.lua";

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private Execution() {}

    /**
     * Defines a generated class.
     *
     * @param data what its initializer reads as its class data
     */
    public static Class<?> define(byte[] bytes, Object data) throws IllegalAccessException {
        return LOOKUP.defineHiddenClassWithClassData(bytes, data, true).lookupClass();
    }

    // ---- for the interpreter ----

    /** Counts the entry of a function; false if it would be one too many. */
    public static boolean enter(LuaState L) {
        if (++L.depth <= L.depthLimit) {
            return true;
        }
        L.depth--;
        return false;
    }

    /** Counts the return of a function. */
    public static void leave(LuaState L) {
        L.depth--;
    }

    /** The innermost frame of the interpreter on the running stack, if there is one. */
    public static @Nullable Object frames(LuaState L) {
        return L.debugFrames;
    }

    public static void setFrames(LuaState L, Object innermost) {
        L.debugFrames = innermost;
    }

    /** Whether the function being entered was tail called. */
    public static boolean takeTailCalled(LuaState L) {
        boolean was = L.tailCalled;
        L.tailCalled = false;
        return was;
    }

    /** One step of the running entry. */
    public static void step(LuaState L) {
        L.budget.step();
    }

    /** One step into a function that copies the arguments it has no names for. */
    public static void step(LuaState L, Object[] arguments) {
        L.budget.step(arguments);
    }

    // ---- hooks ----

    /** The hook of {@code debug.sethook}, if one is set. */
    public static @Nullable Hook hook(LuaState L) {
        return L.hook;
    }

    /** Counts a step for count events, of which there is one every so many steps; true if one is due. */
    public static boolean countEvent(LuaState L, int every) {
        if (++L.hookCount < every) {
            return false;
        }
        L.hookCount = 0;
        return true;
    }

    /** Says whether the function entered next runs a hook. */
    public static void setHookCalled(LuaState L, boolean called) {
        L.hookCalled = called;
    }

    /** Whether the function being entered runs a hook. */
    public static boolean takeHookCalled(LuaState L) {
        boolean was = L.hookCalled;
        L.hookCalled = false;
        return was;
    }

    /** A hook set by {@code debug.sethook}, to which the interpreter reports. */
    public interface Hook {

        /** Whether and how often count events are wanted; 0 is never. */
        int count();

        boolean onLines();

        boolean onCalls();

        boolean onReturns();

        /** Runs the hook; {@code line} is -1 where the event has none. */
        void event(LuaState L, LuaString event, int line);
    }
}
