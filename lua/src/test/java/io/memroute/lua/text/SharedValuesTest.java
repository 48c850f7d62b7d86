package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.lua.LuaString;
import java.lang.ref.Reference;
import org.junit.jupiter.api.Test;

class SharedValuesTest {

    private final SharedValues<LuaString> strings = new SharedValues<>();

    @Test
    void equalStringsAreOneObject() {
        LuaString first = strings.share(LuaString.of("name"));
        assertThat(strings.share(LuaString.of("name"))).isSameAs(first);
        assertThat(strings.share(LuaString.of("other"))).isNotSameAs(first);
        assertThat(strings.size()).isEqualTo(2);
    }

    @Test
    void stringsThatNobodyHoldsGo() {
        LuaString kept = strings.share(LuaString.of("kept"));
        for (int i = 0; i < 1000; i++) {
            strings.share(LuaString.of("name " + i));
        }
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (strings.size() > 1 && System.nanoTime() < deadline) {
            System.gc();
            assertThat(strings.share(LuaString.of("kept"))).isSameAs(kept);
        }
        assertThat(strings.size()).isOne();
        Reference.reachabilityFence(kept);
    }
}
