package io.memroute.lua.load;

import io.memroute.lua.CallLevel;
import io.memroute.lua.CallStack;
import io.memroute.lua.Calls;
import io.memroute.lua.Coroutine;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.code.CompiledFunction;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.interpret.Frame;
import io.memroute.lua.interpret.HookedFunction;
import io.memroute.lua.interpret.Interpreter;
import io.memroute.lua.syntax.Site;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads Lua calls from the Java stack: those of compiled functions by the line numbers of their classes, those of
 * interpreted ones by the interpreter's frames, those of Java functions by their classes.
 */
public final class JavaStack implements CallStack.Reader {
    private static final ClassValue<CompiledFunction.Code> CODES = new ClassValue<>() {
        @Override
        protected CompiledFunction.Code computeValue(Class<?> type) {
            try {
                var field = type.getDeclaredField("CODE");
                field.setAccessible(true);
                return (CompiledFunction.Code) field.get(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("not a generated class: " + type, e);
            }
        }
    };

    @Override
    public List<CallLevel> levels(Stream<StackFrame> stack, @Nullable Object interpreted, int max) {
        List<CallLevel> levels = new ArrayList<>();
        Frame frame = (Frame) interpreted;
        boolean abstractSeen = false;
        boolean calledBack = false;
        StackLevel last = null;
        for (Iterator<StackFrame> it = stack.iterator(); it.hasNext() && levels.size() <= max; ) {
            StackFrame f = it.next();
            Class<?> c = f.getDeclaringClass();
            StackLevel level;
            if (c == Coroutine.class && f.getMethodName().equals("enter")) {
                break;
            } else if (c == Interpreter.class) {
                if (!f.getMethodName().equals("run") || frame == null) {
                    continue;
                }
                Frame active = frame;
                frame = frame.outer;
                if (active.site instanceof Site.Unwinding) {
                    continue;
                }
                level = new StackLevel(active.function.body(), active.site, active, null);
            } else if (!LuaFunction.class.isAssignableFrom(c) || c == Calls.NotAFunction.class) {
                // Where Java calls back, the next Java function is another one, even if it is of the same class.
                calledBack |= c == LuaState.class
                        || c == Calls.class && f.getMethodName().equals("protect");
                continue;
            } else if (Prototyped.class.isAssignableFrom(c)) {
                int line = CompiledFunction.class.isAssignableFrom(c) && c != CompiledFunction.class
                        ? f.getLineNumber()
                        : -1;
                if (line < 0) {
                    continue;
                }
                CompiledFunction.Code code = CODES.get(c);
                Site site = code.sites[line];
                if (site instanceof Site.Unwinding) {
                    continue;
                }
                if (site instanceof Site.TailCall && last != null && last.isLua()) {
                    last.tailCalled = true;
                    continue;
                }
                level = new StackLevel(code.body, site, null, null);
            } else {
                boolean isAbstract = Modifier.isAbstract(c.getModifiers());
                if (c == HookedFunction.class && last != null && !last.isLua()) {
                    continue;
                }
                if (last != null
                        && !last.isLua()
                        && !calledBack
                        && (isAbstract || last.javaClass == c && !abstractSeen)) {
                    abstractSeen |= isAbstract;
                    continue;
                }
                abstractSeen = isAbstract;
                calledBack = false;
                level = new StackLevel(null, null, null, c);
            }
            if (last != null && last.caller == null) {
                last.caller = level;
            }
            last = level;
            levels.add(level);
        }
        return levels.size() > max ? levels.subList(0, max) : levels;
    }
}
