package io.memroute.bench.lua;

import io.memroute.lua.Coroutine;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.Results;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds for a suspend and resume pair: from Lua's {@code coroutine.yield}, and from a Java function that waits,
 * as a route waits for a backend; and for a coroutine that is started again for each request and not suspended at all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class SuspendBenchmark {
    private Coroutine inLua;
    private Coroutine inJava;
    private LuaState state;
    private LuaFunction shortLived;
    private Coroutine restarted;
    private LuaFunction neverWaits;

    @Setup
    public void load() {
        state = StandardLibraries.newState();
        state.setGlobal("wait", new Function1("wait") {
            @Override
            public Object call(LuaState L, Object value) {
                return L.yield(value);
            }
        });
        inLua = state.newCoroutine(function("return function() while true do coroutine.yield(1) end end"));
        inJava = state.newCoroutine(
                function("local function route() return wait(1) end return function() while true do route() end end"));
        neverWaits = function("return function() return 1 end");
        restarted = state.newCoroutine(neverWaits);
        restarted.resume(Results.NONE);
        shortLived = function("return function() return wait(1) end");
    }

    private LuaFunction function(String text) {
        return (LuaFunction) state.call(Chunk.load(state, text.getBytes(StandardCharsets.UTF_8), "=suspend"));
    }

    @Benchmark
    public Object yieldInLua() {
        return inLua.resume(Results.NONE);
    }

    @Benchmark
    public Object waitInJava() {
        return inJava.resume(Results.NONE);
    }

    /** A coroutine per request: made, suspended once, resumed, ended. */
    @Benchmark
    public Object oneRequest() {
        Coroutine c = state.newCoroutine(shortLived);
        c.resume(Results.NONE);
        return c.resume(Results.NONE);
    }

    /** Runs as a route function that ends with a wait. */
    @Benchmark
    public Object runsToItsEnd() {
        restarted.restart(neverWaits);
        return restarted.resume(Results.NONE);
    }

    /** Runs as one that waits before its end. */
    @Benchmark
    public Object waitsOnce() {
        restarted.restart(shortLived);
        restarted.resume(Results.NONE);
        return restarted.resume(Results.NONE);
    }
}
