package io.memroute.lua.load;

import io.memroute.lua.CallLevel;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaString;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.interpret.Frame;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Naming;
import io.memroute.lua.syntax.Site;
import org.jspecify.annotations.Nullable;

/** A level as {@link JavaStack} has read it, for the debug library. */
public final class StackLevel implements CallLevel {
    private final @Nullable FunctionBody body;
    private final @Nullable Site site;
    private final @Nullable Frame frame;
    final @Nullable Class<?> javaClass;
    boolean tailCalled;
    /** The level that called it, if that is known. */
    @Nullable
    StackLevel caller;

    StackLevel(@Nullable FunctionBody body, @Nullable Site site, @Nullable Frame frame, @Nullable Class<?> javaClass) {
        this.body = body;
        this.site = site;
        this.frame = frame;
        this.javaClass = javaClass;
        this.tailCalled = frame != null && frame.tailCalled;
    }

    /** The Lua function's body; none for a Java function. */
    public @Nullable FunctionBody body() {
        return body;
    }

    /** The interpreter's frame, for functions whose frames can be inspected. */
    public @Nullable Frame frame() {
        return frame;
    }

    @Override
    public boolean isLua() {
        return body != null;
    }

    @Override
    public int line() {
        if (body == null || body.source.isStripped()) {
            return -1;
        }
        return site == null ? body.line : site.line();
    }

    @Override
    public @Nullable LuaString chunkName() {
        return body == null ? null : body.source.name();
    }

    @Override
    public @Nullable Name name() {
        if (frame != null && frame.hook) {
            return new Name("hook", "?");
        }
        return tailCalled || caller == null || !caller.isLua() ? null : caller.calledName();
    }

    @Override
    public @Nullable Name calledName() {
        return site == null ? null : Naming.called(site);
    }

    @Override
    public @Nullable Name operandName(int operand) {
        return site == null ? null : Naming.operand(site, operand);
    }

    @Override
    public String where() {
        return body == null ? "" : body.source.displayName() + ":" + line() + ": ";
    }

    @Override
    public String description() {
        if (body == null) {
            return "?";
        }
        return body.isMain() ? "main chunk" : "function <" + body.source.displayName() + ":" + body.line + ">";
    }

    @Override
    public boolean isTailCalled() {
        return tailCalled;
    }

    @Override
    public boolean isOf(LuaFunction function) {
        if (isLua()) {
            return frame != null ? frame.function == function : function instanceof Prototyped p && p.body() == body;
        }
        return function.getClass() == javaClass && javaClass.getEnclosingMethod() == null;
    }
}
