package io.memroute.lua;

import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs scripts that check the language from the inside, as compiled code, interpreted, and compiled with step counting.
 * They pass under C Lua too, save where they yield inside a sort.
 */
class LanguageScriptsTest {
    private static final int DEEP_ENOUGH = 3000;

    @ParameterizedTest
    @CsvSource({
        "arithmetic, compiled", "loops, compiled", "functions, compiled", "metamethods, compiled", "closing, compiled",
                "coroutines, compiled", "syntax, compiled",
        "arithmetic, interpreted", "loops, interpreted", "functions, interpreted", "metamethods, interpreted",
                "closing, interpreted", "coroutines, interpreted", "syntax, interpreted",
        "arithmetic, budgeted", "loops, budgeted", "functions, budgeted", "metamethods, budgeted", "closing, budgeted",
                "coroutines, budgeted", "syntax, budgeted",
    })
    void runsWithoutAFailedCheck(String script, String how) throws IOException {
        LuaLimits limits = LuaLimits.NONE.withCallDepth(DEEP_ENOUGH);
        LuaState L = StandardLibraries.newState(
                new LuaHost(), how.equals("budgeted") ? limits.withSteps(100_000_000) : limits);
        Chunk.Options options = new Chunk.Options(how.equals("budgeted"), how.equals("interpreted"));
        LuaFunction main = Chunk.compile(resource(script + ".lua"), LuaString.of("@" + script + ".lua"), options)
                .function(L.globals());
        L.run(main);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = LanguageScriptsTest.class.getResourceAsStream("language/" + name)) {
            return in.readAllBytes();
        }
    }
}
