package io.memroute.lua.lib;

import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaLimits;
import io.memroute.lua.LuaState;
import io.memroute.lua.lib.file.IoLibrary;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the scripts that check the libraries from the inside; the same scripts pass under C Lua, save where they yield
 * inside a library function.
 */
class LibraryScriptsTest {
    @ParameterizedTest
    @ValueSource(strings = {"strings", "patterns", "tables", "numbers", "unicode", "files", "dates"})
    void runsWithoutAFailedCheck(String script) throws IOException {
        LuaState L = StandardLibraries.newState(new ProgramsAllowed(), LuaLimits.NONE);
        try {
            L.run(Chunk.load(L, resource("prelude.lua"), "@prelude.lua"));
            L.run(Chunk.load(L, resource(script + ".lua"), "@" + script + ".lua"));
        } finally {
            IoLibrary.closeAll(L);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = LibraryScriptsTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** Scripts may run programs; what they print is dropped. */
    private static final class ProgramsAllowed extends LuaHost {
        @Override
        public boolean mayExecute(LuaState L, String function, String command) {
            return true;
        }

        @Override
        public OutputStream stdout() {
            return OutputStream.nullOutputStream();
        }
    }
}
