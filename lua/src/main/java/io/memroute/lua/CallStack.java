package io.memroute.lua;

import java.lang.StackWalker.StackFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import jdk.internal.vm.Continuation;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the Java stack the Lua calls on it: places, names and tracebacks. Running code keeps no record of its
 * calls; the stack is read when an error happens or the debug library asks.
 */
public final class CallStack {
    private static final Set<StackWalker.Option> OPTIONS =
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES);
    private static final StackWalker WALKER = StackWalker.getInstance(OPTIONS);

    /** Levels shown at the top and the bottom of a long traceback, as in C Lua. */
    private static final int TOP_LEVELS = 10;

    private static final int BOTTOM_LEVELS = 11;

    /** The time to read a stack and that for each level of it, in steps of compiled code. */
    private static final int WALK_STEPS = 200;

    private static final int LEVEL_STEPS = 50;

    private CallStack() {}

    /** Makes levels of Java frames; it knows the code that executes Lua. */
    @FunctionalInterface
    public interface Reader {
        /**
         * @param stack innermost frame first
         * @param interpreted the innermost frame of the interpreter on it, if there is one
         * @return at most {@code max} levels, innermost first
         */
        List<CallLevel> levels(Stream<StackFrame> stack, @Nullable Object interpreted, int max);
    }

    // ---- levels ----

    /** The calls on the running stack, innermost first, at most {@code max} of them. */
    public static List<CallLevel> levels(LuaState L, int max) {
        List<CallLevel> levels = uncharged(L, max);
        L.budget.charge(WALK_STEPS + LEVEL_STEPS * levels.size());
        return levels;
    }

    /** As {@link #levels(LuaState, int)}, for when there is nothing left to charge. */
    static List<CallLevel> uncharged(LuaState L, int max) {
        return WALKER.walk(s -> L.frames.levels(s, L.debugFrames, max));
    }

    /** The calls on the stack of a coroutine; none if it has not started or is dead. */
    public static List<CallLevel> levels(Coroutine coroutine, int max) {
        Continuation suspended = coroutine.suspended();
        if (suspended == null) {
            return List.of();
        }
        return suspended.stackWalker(OPTIONS).walk(s -> coroutine.state().frames.levels(s, coroutine.debugFrames, max));
    }

    // ---- errors ----

    /** An error raised by a Java function: with the place of the Lua code that called it. */
    static LuaError error(LuaState L, String message) {
        return raise(L, latin1(where(L, 1) + message));
    }

    /** The place {@code level} calls away, 0 being the innermost: {@code chunk:line: }, or nothing. */
    public static String where(LuaState L, int level) {
        List<CallLevel> levels = levels(L, level + 2);
        // An operator that fails in Lua code has no Java function between: the innermost level is the code itself.
        int index = !levels.isEmpty() && levels.getFirst().isLua() ? level - 1 : level;
        return index >= 0 && index < levels.size() ? levels.get(index).where() : "";
    }

    /** An error of an operator: with the place if it is Lua code that applied it, without if a Java function did. */
    public static LuaError operatorError(LuaState L, String message) {
        List<CallLevel> levels = levels(L, 1);
        return raise(L, latin1((levels.isEmpty() ? "" : levels.getFirst().where()) + message));
    }

    static LuaString latin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 255) {
                return LuaString.of(text);
            }
        }
        return LuaString.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The error that raises {@code value}, after the message handler of the protected call around has seen it. */
    public static LuaError raise(LuaState L, Object value) {
        return handled(L, new LuaError(value));
    }

    static LuaError handled(LuaState L, LuaError error) {
        Object handler = L.messageHandler;
        if (handler == null || L.nestedCalls >= Coroutine.MAX_NESTED_CALLS * 11 / 10) {
            return error;
        }
        return Calls.runHandler(L, handler, error);
    }

    static LuaString badArgumentMessage(LuaState L, int n, String problem) {
        List<CallLevel> levels = levels(L, 3);
        String where = levels.size() > 1 ? levels.get(1).where() : "";
        if (levels.isEmpty()) {
            return latin1("bad argument #" + n + " (" + problem + ")");
        }
        CallLevel function = levels.getFirst();
        CallLevel.Name name = function.name();
        int argument = n;
        if (name != null && name.kind().equals("method")) {
            argument--;
            if (argument == 0) {
                return latin1(where + "calling '" + name.name() + "' on bad self (" + problem + ")");
            }
        }
        String called = name != null ? name.name() : globalName(L, function);
        return latin1(where + "bad argument #" + argument + " to '" + (called == null ? "?" : called) + "' (" + problem
                + ")");
    }

    private static String type(LuaState L, Object value) {
        return Metatables.typeNameForMessages(L, value);
    }

    static LuaError callError(LuaState L, Object f, boolean direct) {
        CallLevel level = direct ? innermost(L) : null;
        return operatorError(
                L, "attempt to call a " + type(L, f) + " value" + (level == null ? "" : message(level.calledName())));
    }

    /**
     * {@code direct} says that it is the operand in the source that cannot be indexed, not something its metatable led
     * to.
     */
    static LuaError indexError(LuaState L, Object object, Object key, boolean direct) {
        return operatorError(L, "attempt to index a " + type(L, object) + " value" + (direct ? operand(L, 0) : ""));
    }

    /** {@code operand} is its number in the operation at the innermost site, counted from 0. */
    public static LuaError operandError(LuaState L, Object value, int operand, String action) {
        return operatorError(L, "attempt to " + action + " a " + type(L, value) + " value" + operand(L, operand));
    }

    public static LuaError integerError(LuaState L, int operand) {
        return operatorError(L, "number" + operand(L, operand) + " has no integer representation");
    }

    private static CallLevel innermost(LuaState L) {
        List<CallLevel> levels = levels(L, 1);
        return levels.isEmpty() ? null : levels.getFirst();
    }

    private static String operand(LuaState L, int index) {
        CallLevel level = innermost(L);
        return level == null ? "" : message(level.operandName(index));
    }

    private static String message(CallLevel.Name name) {
        return name == null ? "" : name.inMessage();
    }

    // ---- tracebacks ----

    /** The traceback of the running stack from {@code level} outwards, without the heading line. */
    public static String traceback(LuaState L, int level) {
        return traceback(L, uncharged(L, Integer.MAX_VALUE - 1), level);
    }

    public static String traceback(LuaState L, Coroutine coroutine, int level) {
        return traceback(L, levels(coroutine, Integer.MAX_VALUE - 1), level);
    }

    private static String traceback(LuaState L, List<CallLevel> levels, int from) {
        StringBuilder out = new StringBuilder("stack traceback:");
        int n = levels.size();
        int skipFrom = n - from > TOP_LEVELS + BOTTOM_LEVELS ? from + TOP_LEVELS : Integer.MAX_VALUE;
        for (int i = Math.max(from, 0); i < n; i++) {
            if (i == skipFrom) {
                int skipped = n - i - BOTTOM_LEVELS;
                out.append("\n\t...\t(skipping ").append(skipped).append(" levels)");
                i += skipped;
            }
            CallLevel level = levels.get(i);
            out.append("\n\t")
                    .append(level.isLua() ? level.where() : "[C]: ")
                    .append("in ")
                    .append(describe(L, level));
            if (level.isTailCalled()) {
                out.append("\n\t(...tail calls...)");
            }
        }
        return out.toString();
    }

    private static String describe(LuaState L, CallLevel level) {
        String global = globalName(L, level);
        if (global != null) {
            return "function '" + global + "'";
        }
        CallLevel.Name name = level.name();
        if (name != null) {
            return name.kind() + " '" + name.name() + "'";
        }
        if (!level.isLua()) {
            return "?";
        }
        return level.description();
    }

    /** The name under which a loaded module holds the function, {@code string.rep} or {@code print}, if one does. */
    private static @Nullable String globalName(LuaState L, CallLevel level) {
        Object[] found = global(L, level);
        return found == null ? null : (String) found[0];
    }

    /** The function of a call, if a loaded module holds it. */
    public static @Nullable LuaFunction functionOf(LuaState L, CallLevel level) {
        Object[] found = global(L, level);
        return found == null ? null : (LuaFunction) found[1];
    }

    /** Name and function. */
    private static Object[] global(LuaState L, CallLevel level) {
        if (!(L.registry().get(LuaState.LOADED) instanceof LuaTable loaded)) {
            return null;
        }
        for (int m = loaded.next(-1); m >= 0; m = loaded.next(m)) {
            if (loaded.keyAt(m) instanceof LuaString module && loaded.valueAt(m) instanceof LuaTable table) {
                for (int i = table.next(-1); i >= 0; i = table.next(i)) {
                    if (table.keyAt(i) instanceof LuaString field
                            && table.valueAt(i) instanceof LuaFunction f
                            && level.isOf(f)) {
                        return new Object[] {module.toString().equals("_G") ? field.toString() : module + "." + field, f
                        };
                    }
                }
            }
        }
        return null;
    }
}
