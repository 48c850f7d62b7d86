package io.memroute.bench.lua;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.io.ByteArrayInputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.OneArgFunction;
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

/** Nanoseconds for a function as routes are: called from Java with a userdata, calls two methods of it, returns it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class RouteBenchmark {
    @Param({"memroute", "luaj", "luajc"})
    public String engine;

    private Supplier<Object> run;

    private static final class Request extends LuaUserdata {
        final long command = 7;
        final long keyLength = 20;

        Request(LuaTable metatable) {
            super(metatable);
        }
    }

    private static final class Command extends Function1 {
        Command() {
            super("command");
        }

        @Override
        public Object call(LuaState L, Object self) {
            return Args.userdata(L, self, 1, Request.class, "request").command;
        }
    }

    private static final class KeyLength extends Function1 {
        KeyLength() {
            super("keylength");
        }

        @Override
        public Object call(LuaState L, Object self) {
            return Args.userdata(L, self, 1, Request.class, "request").keyLength;
        }
    }

    private static final class PlainRequest {
        final int command = 7;
        final int keyLength = 20;
    }

    @Setup
    public void load() {
        byte[] text = Programs.read("route");
        run = engine.equals("memroute") ? memroute(text) : luaj(text);
    }

    private static Supplier<Object> memroute(byte[] text) {
        LuaState L = StandardLibraries.newState();
        LuaFunction route = (LuaFunction) L.call(Chunk.load(L, text, "=route"));
        LuaTable methods = new LuaTable().put("command", new Command()).put("keylength", new KeyLength());
        LuaTable meta = new LuaTable().put("__index", methods).put("__name", LuaString.of("request"));
        Request request = new Request(meta);
        return () -> L.call(route, request);
    }

    private Supplier<Object> luaj(byte[] text) {
        Globals globals = JsePlatform.standardGlobals();
        if (engine.equals("luajc")) {
            LuaJC.install(globals);
        }
        LuaValue route = globals.load(new ByteArrayInputStream(text), "route", "t", globals)
                .call();
        LuaValue methods = LuaValue.tableOf();
        methods.set("command", new OneArgFunction() {
            @Override
            public LuaValue call(LuaValue self) {
                return LuaValue.valueOf(((PlainRequest) self.checkuserdata(PlainRequest.class)).command);
            }
        });
        methods.set("keylength", new OneArgFunction() {
            @Override
            public LuaValue call(LuaValue self) {
                return LuaValue.valueOf(((PlainRequest) self.checkuserdata(PlainRequest.class)).keyLength);
            }
        });
        LuaValue meta = LuaValue.tableOf();
        meta.set("__index", methods);
        LuaValue request = LuaValue.userdataOf(new PlainRequest(), meta);
        return () -> route.call(request);
    }

    @Benchmark
    public Object route() {
        return run.get();
    }
}
