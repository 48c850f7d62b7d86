package io.memroute.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
    private final LuaState L = StandardLibraries.newState();

    private Object eval(String text) {
        return L.run(Chunk.load(L, text.getBytes(StandardCharsets.UTF_8), "=test"));
    }

    @Test
    void statesShareNothingButChunks() {
        Chunk chunk = Chunk.compile(
                "n = (n or 0) + 1 for i = 1, 2 do n = n + 1 end return n".getBytes(StandardCharsets.UTF_8),
                LuaString.of("=shared"),
                Chunk.Options.of(L));
        LuaState other = StandardLibraries.newState();
        assertThat(L.run(chunk.function(L.globals()))).isEqualTo(3L);
        assertThat(L.run(chunk.function(L.globals()))).isEqualTo(6L);
        assertThat(other.run(chunk.function(other.globals()))).isEqualTo(3L);
        LuaTable env = new LuaTable();
        assertThat(L.run(chunk.function(env))).isEqualTo(3L);
        assertThat(env.get("n")).isEqualTo(3L);
    }

    @Test
    void functionsOfEachArityGetWhatTheyTake() {
        L.setGlobal("zero", LuaFunction.of("zero", (LuaState s) -> 0L));
        L.setGlobal("two", LuaFunction.of("two", (LuaState s, Object a, Object b) -> Results.of(b, a)));
        L.setGlobal("count", LuaFunction.varargs("count", (s, args) -> (long) args.length));
        L.setGlobal("nothing", LuaFunction.varargs("nothing", (s, args) -> Results.NONE));
        assertThat(eval("return zero(1, 2, 3)")).isEqualTo(0L);
        assertThat(Results.all(eval("return two(1)"))).containsExactly(null, 1L);
        assertThat(Results.all(eval("return two(1, 2, 3, 4)"))).containsExactly(2L, 1L);
        assertThat(eval("return count(nil, nil) + count() + count(1, 2, 3, 4, 5)"))
                .isEqualTo(7L);
        assertThat(Results.count(eval("return nothing()"))).isZero();
        assertThat(eval("return select('#', (nothing()))")).isEqualTo(1L);
    }

    private static final class Box extends LuaUserdata {
        long value;

        Box(LuaTable meta) {
            super(meta);
        }
    }

    @Test
    void userdataHasMethodsAndItsNameInMessages() {
        LuaTable methods = new LuaTable();
        methods.put("add", new Function2("add") {
            @Override
            public Object call(LuaState state, Object self, Object by) {
                Box box = Args.userdata(state, self, 1, Box.class, "test.box");
                box.value += Args.integer(state, by, 2);
                return box;
            }
        });
        Box box = new Box(new LuaTable().put("__index", methods).put("__name", LuaString.of("test.box")));
        L.setGlobal("box", box);
        assertThat(eval("return box:add(2):add(3)")).isSameAs(box);
        assertThat(box.value).isEqualTo(5);
        assertThat(eval("return (tostring(box):gsub('0x.*', ''))")).isEqualTo(LuaString.of("test.box: "));
        assertThatThrownBy(() -> eval("box.add({})"))
                .hasMessage("test:1: bad argument #1 to 'add' (test.box expected, got table)");
        assertThatThrownBy(() -> eval("box:add('x')"))
                .hasMessage("test:1: bad argument #1 to 'add' (number expected, got string)");
        assertThatThrownBy(() -> eval("box.add()"))
                .hasMessage("test:1: bad argument #1 to 'add' (test.box expected, got no value)");
        assertThatThrownBy(() -> eval("box + 1")).isInstanceOf(LuaError.class);
        assertThatThrownBy(() -> eval("return box + 1"))
                .hasMessage("test:1: attempt to perform arithmetic on a test.box value (global 'box')");
    }

    @Test
    void operationsHonourMetamethods() {
        Object v = eval("return setmetatable({}, { __index = function(_, k) return k .. '!' end, __len = "
                + "function() return 9 end, __tostring = function() return 'v' end, __call = "
                + "function(_, a) return a + 1 end, __lt = function() return true end })");
        assertThat(L.index(v, LuaString.of("k"))).isEqualTo(LuaString.of("k!"));
        assertThat(L.length(v)).isEqualTo(9L);
        assertThat(L.tostring(v)).isEqualTo(LuaString.of("v"));
        assertThat(L.call(v, 4L)).isEqualTo(5L);
        assertThat(L.lessThan(v, v)).isTrue();
        assertThat(L.equal(1L, 1.0)).isTrue();
        assertThat(L.concat(LuaString.of("a"), 1L)).isEqualTo(LuaString.of("a1"));
    }

    @Test
    void anErrorValueComesOutAsItIs() {
        assertThatThrownBy(() -> eval("error({ 1 })"))
                .isInstanceOfSatisfying(
                        LuaError.class,
                        e -> assertThat(((LuaTable) e.value()).get(1)).isEqualTo(1L));
        assertThatThrownBy(() -> eval("error(nil)"))
                .isInstanceOfSatisfying(
                        LuaError.class, e -> assertThat(e.value()).isNull());
    }

    @Test
    void javaCodeMayCatchLuaErrorsAndGoOn() {
        LuaFunction failing = (LuaFunction) eval("return function() error('x') end");
        for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> L.call(failing))
                    .isInstanceOf(LuaError.class)
                    .hasMessage("test:1: x");
        }
        assertThat(L.depth).isZero();
    }

    @Test
    void aFailureOfAJavaFunctionIsALuaErrorWithItsCause() {
        L.setGlobal("broken", LuaFunction.of("broken", (LuaState s) -> {
            throw new IllegalStateException("bug");
        }));
        assertThat(Results.get(eval("return pcall(broken)"), 1))
                .isEqualTo(LuaString.of("internal error: java.lang.IllegalStateException: bug"));
        assertThatThrownBy(() -> eval("broken()"))
                .isInstanceOf(LuaError.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }
}
