package io.memroute.lua.lib;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaLimits;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.standard.StandardLibraries;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls library functions with random arguments. Whatever they are, a call ends within its budget with values or with a
 * Lua error that is not an internal one. A failure names the seed of the call.
 */
class LibraryFuzzTest {
    private static final LuaLimits LIMITS =
            LuaLimits.NONE.withTime(Duration.ofSeconds(2)).withAllocatedBytes(64 << 20);
    private static final int CALLS = 8_000;

    private static final String[] TEXTS = {
        "",
        "a",
        "abc",
        "hello world",
        "key=value",
        "\0",
        "x\0y",
        "\u00ff\u00fe\u0080",
        "\u00e4\u00f6",
        "12",
        "0x10",
        "1e5",
        "-7",
        "nan",
        "%",
        "[",
        "(",
        "aaaaaaaaaaaaaaaaaaaaaaab",
        "%a+",
        "(%w+)=(%w+)",
        "^%s*(.-)%s*$",
        "%b()",
        "%f[%w]",
        "(a*)(b?)%1",
        "[^a-z]",
        "()",
        "%0%1",
        "%d %s",
        "%5.2f",
        "%q",
        "%-99.99s",
        "%99.99f",
        "%#x",
        "%c",
        "%i%o%u%X",
        "%a",
        "%g%e%G",
        "!8i4",
        "s1z",
        "<i16>I3",
        "c10",
        "xXd",
        "*t",
        "!%c",
        "%Ey",
        "n",
        "l",
        "set",
    };
    private static final Object[] NUMBERS = {
        0L,
        1L,
        -1L,
        2L,
        3L,
        7L,
        255L,
        256L,
        1L << 31,
        -(1L << 31),
        1L << 53,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0.0,
        -0.0,
        0.5,
        1.5,
        3.0,
        1e15,
        1e300,
        -1e300,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
    };

    @ParameterizedTest
    @ValueSource(strings = {"string", "table", "math", "utf8", "os"})
    void givesValuesOrALuaErrorForAnyArguments(String library) {
        LuaState L = StandardLibraries.newState(new LuaHost(), LIMITS);
        List<LuaFunction> functions = functions((LuaTable) L.global(library));
        for (long seed = 1; seed <= CALLS; seed++) {
            Random random = new Random(seed);
            call(L, functions.get(random.nextInt(functions.size())), random, seed);
        }
    }

    @Test
    void formatsAnythingOrSaysWhyNot() {
        LuaState L = StandardLibraries.newState(new LuaHost(), LIMITS);
        LuaFunction format = (LuaFunction) ((LuaTable) L.global("string")).get("format");
        String alphabet = "%%%%dioxXcsqaAeEfgGpuz0123456789.-+# \0";
        for (long seed = 1; seed <= CALLS; seed++) {
            Random random = new Random(seed);
            Object[] args = arguments(random, 5);
            args[0] = text(random, alphabet, 12);
            check(L, format, args, seed);
        }
    }

    @Test
    void packsAnythingOrSaysWhyNot() {
        LuaState L = StandardLibraries.newState(new LuaHost(), LIMITS);
        LuaTable string = (LuaTable) L.global("string");
        LuaFunction pack = (LuaFunction) string.get("pack");
        LuaFunction unpack = (LuaFunction) string.get("unpack");
        String alphabet = "bBhHiIlLjJTfdnsczxX<>=! 0123456789";
        for (long seed = 1; seed <= CALLS; seed++) {
            Random random = new Random(seed);
            Object[] args = arguments(random, 6);
            args[0] = text(random, alphabet, 10);
            check(L, pack, args, seed);
            args[1] = LuaString.wrap(bytes(random, 40));
            check(L, unpack, new Object[] {args[0], args[1], random.nextLong() >> random.nextInt(64)}, seed);
        }
    }

    @Test
    void readsBackWhatItWrote() {
        LuaState L = StandardLibraries.newState(new LuaHost(), LIMITS);
        LuaFunction load = (LuaFunction) L.global("load");
        LuaFunction format = (LuaFunction) ((LuaTable) L.global("string")).get("format");
        LuaString quote = LuaString.of("return %q");
        for (long seed = 1; seed <= 2000; seed++) {
            Random random = new Random(seed);
            Object value = switch (random.nextInt(3)) {
                case 0 -> LuaString.wrap(bytes(random, 30));
                case 1 -> random.nextLong() >> random.nextInt(64);
                default -> Double.longBitsToDouble(random.nextLong() & 0xFFEFFFFFFFFFFFFFL);
            };
            Object chunk = Results.first(L.call(load, L.call(format, quote, value)));
            assertThat(Results.first(L.call(chunk))).as("seed %d", seed).isEqualTo(value);
        }
    }

    private static void call(LuaState L, LuaFunction function, Random random, long seed) {
        // Programs, files and the end of the process are not for random arguments.
        switch (function.name()) {
            case "execute", "exit", "remove", "rename", "tmpname", "getenv" -> {}
            default -> check(L, function, arguments(random, random.nextInt(6)), seed);
        }
    }

    private static void check(LuaState L, LuaFunction function, Object[] args, long seed) {
        try {
            L.run(function, args);
        } catch (LuaError e) {
            assertThat(e.getMessage()).as("seed %d: %s", seed, function.name()).doesNotContain("internal error");
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed + ": " + function.name() + " " + Arrays.toString(args), t);
        }
    }

    private static List<LuaFunction> functions(LuaTable library) {
        List<LuaFunction> functions = new ArrayList<>();
        for (int i = library.next(-1); i >= 0; i = library.next(i)) {
            if (library.valueAt(i) instanceof LuaFunction f) {
                functions.add(f);
            }
        }
        return functions;
    }

    private static Object[] arguments(Random random, int count) {
        Object[] args = new Object[count];
        for (int i = 0; i < count; i++) {
            args[i] = value(random);
        }
        return args;
    }

    private static Object value(Random random) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 ->
                LuaString.wrap(TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.ISO_8859_1));
            case 4, 5, 6, 7 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 8 -> list(random);
            case 9 -> random.nextBoolean();
            case 10 -> LuaFunction.of("identity", (L, a) -> a);
            default -> null;
        };
    }

    private static LuaTable list(Random random) {
        LuaTable table = new LuaTable();
        for (long i = random.nextInt(8); i > 0; i--) {
            boolean number = random.nextBoolean();
            table.put(
                    i,
                    number
                            ? NUMBERS[random.nextInt(NUMBERS.length)]
                            : LuaString.of(TEXTS[random.nextInt(TEXTS.length)]));
        }
        return table;
    }

    private static LuaString text(Random random, String alphabet, int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return LuaString.of(text.toString());
    }

    private static byte[] bytes(Random random, int longest) {
        byte[] bytes = new byte[random.nextInt(longest + 1)];
        random.nextBytes(bytes);
        return bytes;
    }
}
