package io.memroute.bench.lua;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.io.ByteArrayInputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;
import org.luaj.vm2.luajc.LuaJC;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Microseconds per run of a small program, in this project's Lua and in LuaJ 3.0.1, interpreted and compiled by its
 * luajc.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class ProgramBenchmark {
    @Param({"memroute", "luaj", "luajc"})
    public String engine;

    @Param({"fib", "table", "strings", "closures", "methods", "sieve"})
    public String program;

    private Supplier<Object> run;

    @Setup
    public void load() {
        byte[] text = Programs.read(program);
        if (engine.equals("memroute")) {
            LuaState L = StandardLibraries.newState();
            LuaFunction f = (LuaFunction) L.call(Chunk.load(L, text, "=" + program));
            run = () -> L.call(f);
        } else {
            Globals globals = JsePlatform.standardGlobals();
            if (engine.equals("luajc")) {
                LuaJC.install(globals);
            }
            LuaValue f = globals.load(new ByteArrayInputStream(text), program, "t", globals)
                    .call();
            run = f::call;
        }
    }

    @Benchmark
    public Object run() {
        return run.get();
    }
}
