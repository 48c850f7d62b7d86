package io.memroute.lua;

import io.memroute.lua.interpret.Frame;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Naming;
import io.memroute.lua.syntax.Site;

/** One function call on the stack, as the debug library and tracebacks see it. */
public final class CallLevel {
    /** The Lua function's body; null for a Java function. */
    public final FunctionBody body;

    /** Where a Lua function is. */
    public final Site site;

    /** The interpreter's frame, for functions whose frames can be inspected; else null. */
    public final Frame frame;

    /** The class of a Java function; else null. */
    final Class<?> javaClass;

    /** Whether it was tail called: its caller is gone. */
    public boolean tailCalled;

    /** The level that called it, if that is known. */
    CallLevel caller;

    CallLevel(FunctionBody body, Site site, Frame frame, Class<?> javaClass) {
        this.body = body;
        this.site = site;
        this.frame = frame;
        this.javaClass = javaClass;
        this.tailCalled = frame != null && frame.tailCalled;
    }

    public boolean isLua() {
        return body != null;
    }

    /** The line being executed, -1 for a Java function. */
    public int line() {
        if (body == null || body.source.isStripped()) {
            return -1;
        }
        return site == null ? body.line : site.line();
    }

    /** What the calling code calls this function; null if it does not say. */
    public Naming.Name name() {
        if (frame != null && frame.hook) {
            return new Naming.Name("hook", "?");
        }
        return tailCalled || caller == null || !caller.isLua() ? null : Naming.called(caller.site);
    }

    /** {@code chunk:line:} and a space, nothing for a Java function. */
    public String where() {
        return body == null ? "" : body.source.displayName() + ":" + line() + ": ";
    }
}
