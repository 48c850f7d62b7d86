package io.memroute.lua;

import io.memroute.lua.text.WorkMeter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An independent Lua world: its globals, its registry, its coroutines. A process may have any number of them.
 *
 * <p>A state is used by one thread at a time, a platform thread; handing it to another is the host's business (with a
 * happens-before edge in between). Values made in one state, save strings, numbers and booleans, must not be given to
 * another; compiled chunks are shared freely.
 */
public final class LuaState {
    /** The registry's key of the table that {@code package.loaded} shows. */
    public static final LuaString LOADED = LuaString.constant("_LOADED");

    private final LuaHost host;
    final CallStack.Reader frames;
    private LuaLimits limits;
    private final LuaTable registry = new LuaTable();
    private final LuaTable globals = new LuaTable();

    LuaTable stringMetatable;
    LuaTable numberMetatable;
    LuaTable booleanMetatable;
    LuaTable functionMetatable;
    LuaTable nilMetatable;
    LuaTable threadMetatable;

    /**
     * Lua functions entered and not left, on all stacks that are nested in each other now. Compiled code counts it; the
     * catcher of an error restores it.
     */
    int depth;

    /** The {@link #depth} that is a stack overflow. */
    int depthLimit;

    /** Calls from Java into Lua and resumes nested in each other; see {@link Coroutine#MAX_NESTED_CALLS}. */
    int nestedCalls;

    /**
     * {@link #depth} and {@link #nestedCalls} where the running coroutine began. What is restored after an error is
     * counted from there, as a coroutine may go on at another depth.
     */
    int depthBase;

    int nestedBase;

    Coroutine running;

    private final Coroutine main = Coroutine.main(this);

    /** Innermost frame of the interpreter on the running stack; see {@link CallStack}. */
    Object debugFrames;

    /** The message handler of the innermost protected call of the running stack, if that has one. */
    @Nullable
    Object messageHandler;

    /**
     * Java functions on the running coroutine's stack that called back into Lua. They may be suspended all the same; C
     * Lua's could not, which {@code coroutine.isyieldable} tells.
     */
    int unyieldableCalls;

    /** Set while a function is entered that was tail called. */
    boolean tailCalled;

    /** The rest of the running call's budget; see {@link LuaLimits}. */
    final Budget budget;

    /** The hook of {@code debug.sethook}, if one is set. Only interpreted code looks at it. */
    Execution.@Nullable Hook hook;

    /** Steps since the last count event. */
    int hookCount;

    /** Set while a hook function is entered. */
    boolean hookCalled;

    /** Whether scripts of this state inspect frames: what is loaded from then on is interpreted. */
    boolean inspected;

    /**
     * A state without any library; {@code StandardLibraries.newState} makes one with all of them.
     *
     * @param frames reads the stack for messages
     */
    public LuaState(LuaHost host, LuaLimits limits, CallStack.Reader frames) {
        this.host = host;
        this.limits = limits;
        this.frames = frames;
        this.depthLimit = limits.callDepth();
        this.budget = new Budget(this);
    }

    public LuaHost host() {
        return host;
    }

    public LuaLimits limits() {
        return limits;
    }

    /**
     * Has other limits hold from the next entry on. If these count nothing, what was loaded under others goes on
     * counting to no effect.
     */
    public void setLimits(LuaLimits newLimits) {
        limits = newLimits;
        depthLimit = newLimits.callDepth();
    }

    public LuaTable globals() {
        return globals;
    }

    /** A table that scripts do not see, for what libraries and hosts keep per state. */
    public LuaTable registry() {
        return registry;
    }

    public Object global(String name) {
        return globals.get(name);
    }

    public void setGlobal(String name, Object value) {
        globals.put(name, value);
    }

    // ---- running code ----

    /**
     * Does work other than running code, as compiling is, at the cost of the running entry.
     *
     * @throws LimitError if that used up what the state's limits allow
     */
    public <T> T metered(Function<WorkMeter, T> work) {
        try {
            return work.apply(budget);
        } catch (LimitError.Exceeded e) {
            throw e.error;
        }
    }

    /**
     * Calls any value from Java. Only for calls that start something: a Java function that is called by Lua and calls
     * back may do so too, but counts as one of {@link Coroutine#MAX_NESTED_CALLS} nested calls until it returns.
     *
     * @throws LuaError what the function raised; outside any protected call it carries a traceback
     */
    public Object call(Object function) {
        int outerDepth = depth - depthBase;
        int outerCalls = nestedCalls - nestedBase;
        enterCall();
        unyieldableCalls++;
        try {
            return Calls.resolve(this, Calls.call(this, function));
        } catch (Throwable t) {
            depth = depthBase + outerDepth;
            throw t;
        } finally {
            nestedCalls = nestedBase + outerCalls;
            unyieldableCalls--;
        }
    }

    public Object call(Object function, Object a) {
        int outerDepth = depth - depthBase;
        int outerCalls = nestedCalls - nestedBase;
        enterCall();
        unyieldableCalls++;
        try {
            return Calls.resolve(this, Calls.call(this, function, a));
        } catch (Throwable t) {
            depth = depthBase + outerDepth;
            throw t;
        } finally {
            nestedCalls = nestedBase + outerCalls;
            unyieldableCalls--;
        }
    }

    public Object call(Object function, Object a, Object b) {
        int outerDepth = depth - depthBase;
        int outerCalls = nestedCalls - nestedBase;
        enterCall();
        unyieldableCalls++;
        try {
            return Calls.resolve(this, Calls.call(this, function, a, b));
        } catch (Throwable t) {
            depth = depthBase + outerDepth;
            throw t;
        } finally {
            nestedCalls = nestedBase + outerCalls;
            unyieldableCalls--;
        }
    }

    public Object call(Object function, Object a, Object b, Object c) {
        int outerDepth = depth - depthBase;
        int outerCalls = nestedCalls - nestedBase;
        enterCall();
        unyieldableCalls++;
        try {
            return Calls.resolve(this, Calls.call(this, function, a, b, c));
        } catch (Throwable t) {
            depth = depthBase + outerDepth;
            throw t;
        } finally {
            nestedCalls = nestedBase + outerCalls;
            unyieldableCalls--;
        }
    }

    public Object invoke(Object function, Object... args) {
        int outerDepth = depth - depthBase;
        int outerCalls = nestedCalls - nestedBase;
        enterCall();
        unyieldableCalls++;
        try {
            return Calls.resolve(this, Calls.invoke(this, function, args));
        } catch (Throwable t) {
            depth = depthBase + outerDepth;
            throw t;
        } finally {
            nestedCalls = nestedBase + outerCalls;
            unyieldableCalls--;
        }
    }

    private void enterCall() {
        if (++nestedCalls >= Coroutine.MAX_NESTED_CALLS) {
            throw Calls.nestedOverflow(this);
        }
    }

    /**
     * Runs a host's entry into this state: any failure comes out as a {@link LuaError} with a traceback, the state
     * stays usable, and the limits of this state count from here.
     */
    public Object run(LuaFunction function, Object... args) {
        return Calls.run(this, function, args);
    }

    /**
     * Has the limits count over all entries until the count is closed, as over one: for hosts that do one thing in many
     * entries. Within another count it changes nothing.
     */
    public Count count() {
        return budget.start(limits) ? budget : () -> {};
    }

    /** A count begun by {@link #count}. */
    @FunctionalInterface
    public interface Count extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether scripts of this state inspect frames: code that is loaded from then on is interpreted. */
    public boolean isInspected() {
        return inspected;
    }

    /** Has code that is loaded from now on show its frames to scripts. */
    public void inspect() {
        inspected = true;
    }

    // ---- coroutines ----

    public Coroutine newCoroutine(LuaFunction body) {
        return new Coroutine(this, body);
    }

    /** The running coroutine; none on the main stack. */
    public @Nullable Coroutine running() {
        return running;
    }

    /** Sets the hook of a coroutine, by default of the running one; without a hook, removes it. */
    public void setHook(@Nullable Coroutine coroutine, Execution.@Nullable Hook newHook) {
        if (coroutine == null || coroutine == running || running == null && coroutine == main) {
            hook = newHook;
        } else {
            coroutine.hook = newHook;
        }
    }

    public Execution.@Nullable Hook hook(@Nullable Coroutine coroutine) {
        return coroutine == null || coroutine == running || running == null && coroutine == main
                ? hook
                : coroutine.hook;
    }

    /**
     * The answer of {@code coroutine.isyieldable} for the running coroutine: as in C Lua, no inside a call from Java,
     * though yielding works there too.
     */
    public boolean isYieldable() {
        return running != null && unyieldableCalls == 0;
    }

    /** Stands for the main stack where a script asks for the running coroutine. */
    public Coroutine mainCoroutine() {
        return main;
    }

    /**
     * Suspends the running coroutine from inside a Java function, however deep; returns what the next
     * {@link Coroutine#resume} passes.
     *
     * @throws LuaError if no coroutine runs, or if a Java frame on its stack cannot be suspended (native code, class
     *     initialisation)
     */
    public Object yield(Object values) {
        return Coroutine.yield(this, values);
    }

    // ---- operations with metamethods ----

    public Object index(Object object, Object key) {
        return Indexing.index(this, object, key);
    }

    public void setIndex(Object object, Object key, Object value) {
        Indexing.setIndex(this, object, key, value);
    }

    public boolean equal(Object a, Object b) {
        return Comparison.equal(this, a, b);
    }

    public boolean lessThan(Object a, Object b) {
        return Comparison.lessThan(this, a, b);
    }

    public boolean lessOrEqual(Object a, Object b) {
        return Comparison.lessOrEqual(this, a, b);
    }

    /** {@code #object}: any value that {@code __len} gives. */
    public Object length(Object object) {
        return Indexing.length(this, object);
    }

    public Object concat(Object a, Object b) {
        return Concatenation.concat(this, a, b);
    }

    /** {@code tostring}: honours {@code __tostring} and {@code __name}. */
    public LuaString tostring(Object value) {
        return Concatenation.tostring(this, value);
    }

    public LuaTable metatable(Object value) {
        return Metatables.of(this, value);
    }

    /** Sets the metatable of all strings, as the string library does. */
    public void setStringMetatable(LuaTable meta) {
        stringMetatable = meta;
    }

    /** {@code debug.setmetatable}: for tables and userdata their own, for other types that of the whole type. */
    public void setMetatable(Object value, LuaTable meta) {
        switch (value) {
            case null -> nilMetatable = meta;
            case LuaTable t -> t.setMetatable(meta);
            case LuaUserdata u -> u.setMetatable(meta);
            case LuaString s -> stringMetatable = meta;
            case Long n -> numberMetatable = meta;
            case Double n -> numberMetatable = meta;
            case Boolean b -> booleanMetatable = meta;
            case LuaFunction f -> functionMetatable = meta;
            case Coroutine c -> threadMetatable = meta;
            default -> throw error("light userdata has no metatable here");
        }
    }

    // ---- errors and limits ----

    /** An error to throw from a Java function: the message with the place of the Lua code that called it in front. */
    public LuaError error(String message) {
        return CallStack.error(this, message);
    }

    /**
     * Called by Java functions before they allocate so much at once. Stops the script if the state's memory ceiling
     * forbids it.
     */
    public void reserve(long bytes) {
        budget.reserve(bytes);
    }

    /** Called by Java functions for steps of loops that a script can make long, some at a time. */
    public void charge(int steps) {
        budget.charge(steps);
    }

    /** The meter of the running entry, for work that takes one. */
    public WorkMeter meter() {
        return budget;
    }

    /** Called by Java functions that wait: stops the script if its time is up. */
    public void checkLimits() {
        budget.check();
    }

    /** Called by Java functions for work on so many bytes, which a script can make many. */
    public void chargeBytes(long bytes) {
        budget.chargeBytes(bytes);
    }

    /**
     * The time that the running entry may still take; {@link Long#MAX_VALUE} if nothing limits it. For functions that
     * wait for the world outside.
     */
    public long nanosLeft() {
        return budget.nanosLeft();
    }
}
