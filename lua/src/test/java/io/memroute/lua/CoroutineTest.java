package io.memroute.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoroutineTest {
    private final LuaState L = StandardLibraries.newState();

    private LuaFunction function(String text) {
        return (LuaFunction) L.call(Chunk.load(L, text.getBytes(StandardCharsets.UTF_8), "=test"));
    }

    @Test
    void javaFunctionsSuspendAtAnyDepth() {
        L.setGlobal("wait", LuaFunction.of("wait", (LuaState state, Object a) -> state.yield(a)));
        LuaFunction f =
                function("local function deep(n) if n == 0 then return wait('key') end return (deep(n - 1)) end "
                        + "return function() deep(5) return select(2, pcall(deep, 3)) end");
        Coroutine c = L.newCoroutine(f);
        assertThat(c.resume(Results.NONE)).isEqualTo(LuaString.of("key"));
        assertThat(c.status()).isEqualTo(Coroutine.Status.SUSPENDED);
        assertThat(c.resume(LuaString.of("first"))).isEqualTo(LuaString.of("key"));
        assertThat(Results.first(c.resume(LuaString.of("second")))).isEqualTo(LuaString.of("second"));
        assertThat(c.status()).isEqualTo(Coroutine.Status.DEAD);
        assertThatThrownBy(() -> c.resume(null))
                .isInstanceOf(LuaError.class)
                .hasMessage("cannot resume dead coroutine");
    }

    @Test
    void manySuspendedAtOnceEachKeepTheirOwnState() {
        LuaFunction f = function(
                "return function(n) local sum = n for i = 1, 3 do sum = sum + coroutine.yield(sum) end return sum end");
        List<Coroutine> all = new ArrayList<>();
        for (long i = 0; i < 1000; i++) {
            Coroutine c = L.newCoroutine(f);
            assertThat(c.resume(i)).isEqualTo(i);
            all.add(c);
        }
        for (int turn = 1; turn <= 3; turn++) {
            for (int i = 0; i < 1000; i++) {
                assertThat(all.get(i).resume(10L)).isEqualTo(i + 10L * turn);
            }
        }
        assertThat(all).allMatch(c -> c.status() == Coroutine.Status.DEAD);
    }

    @Test
    void oneDroppedUnfinishedIsGarbage() {
        LuaFunction f = function("return function(o) coroutine.yield() return o end");
        Object held = new Object();
        WeakReference<Object> reference = new WeakReference<>(held);
        Coroutine c = L.newCoroutine(f);
        c.resume(held);
        WeakReference<Coroutine> dropped = new WeakReference<>(c);
        held = null;
        c = null;
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while ((reference.get() != null || dropped.get() != null) && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(dropped.get()).isNull();
        assertThat(reference.get()).isNull();
    }

    @Test
    void anErrorInsideReachesTheResumer() {
        Coroutine c = L.newCoroutine(function("return function() coroutine.yield() error({ code = 7 }) end"));
        c.resume(Results.NONE);
        assertThatThrownBy(() -> c.resume(Results.NONE))
                .isInstanceOfSatisfying(
                        LuaError.class,
                        e -> assertThat(((LuaTable) e.value()).get("code")).isEqualTo(7L));
    }

    @Test
    void yieldOutsideIsAnError() {
        assertThatThrownBy(() -> L.yield(null))
                .isInstanceOf(LuaError.class)
                .hasMessage("attempt to yield from outside a coroutine");
    }

    @Test
    void callDepthIsThatOfTheStackItRunsOn() {
        LuaFunction f =
                function("local function deep(n) if n == 0 then coroutine.yield() return 0 end return 1 + deep(n - "
                        + "1) end return deep");
        for (int i = 0; i < 50; i++) {
            Coroutine c = L.newCoroutine(f);
            c.resume(300L);
            assertThat(L.depth).isZero();
            assertThat(c.resume(Results.NONE)).isEqualTo(300L);
            assertThat(L.depth).isZero();
        }
    }
}
