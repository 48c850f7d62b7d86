package io.memroute.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LuaTableTest {

    /** Random puts and removals of all kinds of keys against a map that knows the truth. */
    @Test
    void agreesWithAMap() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            LuaTable table = new LuaTable();
            Map<Object, Object> truth = new HashMap<>();
            int range = 1 + random.nextInt(200);
            for (int i = 0; i < 2000; i++) {
                Object key = key(random, range);
                Object value = random.nextInt(3) == 0 ? null : (Object) random.nextLong();
                table.put(key, value);
                if (value == null) {
                    truth.remove(key);
                } else {
                    truth.put(key, value);
                }
            }
            for (int i = 0; i < 500; i++) {
                Object key = key(random, range);
                assertThat(table.get(key)).as("seed %d key %s", seed, key).isEqualTo(truth.get(key));
            }
            assertThat(walk(table)).as("seed %d", seed).isEqualTo(truth);
            long n = table.length();
            assertThat(n == 0 || truth.containsKey(n))
                    .as("seed %d length %d", seed, n)
                    .isTrue();
            assertThat(truth.containsKey(n + 1))
                    .as("seed %d length %d", seed, n)
                    .isFalse();
        }
    }

    private static Object key(Random random, int range) {
        return switch (random.nextInt(6)) {
            case 0 -> LuaString.of("k" + random.nextInt(range));
            case 1 -> random.nextInt(range) + 0.5;
            case 2 -> random.nextBoolean();
            case 3 -> (long) -random.nextInt(range);
            default -> (long) random.nextInt(range);
        };
    }

    private static Map<Object, Object> walk(LuaTable table) {
        Map<Object, Object> all = new HashMap<>();
        for (int p = table.next(-1); p >= 0; p = table.next(p)) {
            assertThat(all.put(table.keyAt(p), table.valueAt(p))).isNull();
            assertThat(table.positionOf(table.keyAt(p))).isEqualTo(p);
        }
        return all;
    }

    @Test
    void fieldsMayBeClearedWhileItIsWalked() {
        LuaTable t = new LuaTable();
        for (long i = 1; i <= 100; i++) {
            t.put(i, (Object) i);
            t.put(LuaString.of("s" + i), i);
        }
        int seen = 0;
        for (int p = t.next(-1); p >= 0; p = t.next(p)) {
            t.put(t.keyAt(p), null);
            seen++;
        }
        assertThat(seen).isEqualTo(200);
        assertThat(t.next(-1)).isEqualTo(-1);
        assertThat(t.length()).isZero();
    }

    @Test
    void floatsWithIntegerValuesAreIntegerKeys() {
        LuaTable t = new LuaTable();
        t.put((Object) 1.0, LuaString.of("a"));
        t.put((Object) (double) (1L << 53), LuaString.of("b"));
        assertThat(t.get(1L)).isEqualTo(LuaString.of("a"));
        assertThat(t.get(1L << 53)).isEqualTo(LuaString.of("b"));
        assertThat(t.get((Object) Double.valueOf(-0.0))).isNull();
        t.put(0L, (Object) true);
        assertThat(t.get((Object) Double.valueOf(-0.0))).isEqualTo(Boolean.TRUE);
    }

    @Test
    void filledBackwardsItBecomesAnArray() {
        LuaTable t = new LuaTable();
        for (long i = 1000; i >= 1; i--) {
            t.put(i, (Object) i);
        }
        assertThat(t.length()).isEqualTo(1000);
        assertThat(t.size).isEqualTo(1000);
    }

    @Test
    void nilAndNaNAreNoKeys() {
        LuaTable t = new LuaTable();
        assertThatThrownBy(() -> t.put((Object) null, 1L)).hasMessage("index is nil");
        assertThatThrownBy(() -> t.put((Object) Double.NaN, 1L)).hasMessage("index is NaN");
        assertThat(t.get((Object) null)).isNull();
        assertThat(t.get((Object) Double.NaN)).isNull();
    }
}
