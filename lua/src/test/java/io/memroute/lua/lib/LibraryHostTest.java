package io.memroute.lua.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaLimits;
import io.memroute.lua.LuaState;
import io.memroute.lua.Results;
import io.memroute.lua.lib.file.IoLibrary;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host decides, and what stops a library function that would run or grow without end. */
class LibraryHostTest {
    @TempDir
    Path directory;

    @Test
    void readsAndWritesTheStreamsOfTheHost() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LuaHost host = new LuaHost() {
            @Override
            public InputStream stdin() {
                return new ByteArrayInputStream("one\n2 3\nrest".getBytes(StandardCharsets.US_ASCII));
            }

            @Override
            public OutputStream stdout() {
                return out;
            }
        };
        run(host, "io.write(io.read('l'), '|', io.read('n') + io.read('n'), '|', io.read('L'), io.read('a'), 1.5)");
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("one|5|\nrest1.5");
    }

    @Test
    void refusesFilesThatTheHostRefuses() {
        LuaHost host = new LuaHost() {
            @Override
            public Path file(LuaState L, String function, String name, boolean write) throws IOException {
                if (write) {
                    throw new IOException("Read-only file system");
                }
                return directory.resolve(name);
            }
        };
        assertThat(run(host, "return io.open('x', 'w')")).isEqualTo("nil x: Read-only file system 30");
        assertThat(run(host, "return select(2, os.remove('x'))")).isEqualTo("x: Read-only file system 30");
        assertThat(run(host, "return select(2, io.open('x'))")).isEqualTo("x: No such file or directory 2");
    }

    @Test
    void runsNoProgramsUnlessTheHostAllows() {
        LuaHost host = new LuaHost();
        assertThat(run(host, "return os.execute()")).isEqualTo("false");
        assertThat(run(host, "return pcall(io.popen, 'echo x')")).isEqualTo("false 'popen' not supported");
        assertThat(run(host, "return pcall(os.execute, 'echo x')")).isEqualTo("false os.execute is not available here");
    }

    @Test
    void leavesTheEndOfTheProcessToTheHost() {
        assertThat(run(new LuaHost(), "return pcall(os.exit, 3)")).isEqualTo("false os.exit is not available here");
        int[] status = {-1};
        LuaHost host = new LuaHost() {
            @Override
            public void exit(LuaState L, int code) {
                status[0] = code;
                throw L.error("ended");
            }
        };
        run(host, "return pcall(os.exit, false)");
        assertThat(status[0]).isEqualTo(1);
        run(host, "return pcall(os.exit, 7, true)");
        assertThat(status[0]).isEqualTo(7);
    }

    @Test
    void writesFilesLeftOpenWhenTheHostIsDone() throws IOException {
        Path file = directory.resolve("left-open");
        LuaState L = StandardLibraries.newState();
        L.run(Chunk.load(
                L,
                ("keep = io.open('" + file + "', 'w') keep:write('content')").getBytes(StandardCharsets.UTF_8),
                "=test"));
        assertThat(file).hasSize(0);
        IoLibrary.closeAll(L);
        assertThat(Files.readString(file)).isEqualTo("content");
    }

    @Test
    void stopsMatchingWhenTheTimeIsUsedUp() {
        String script = "return ('a'):rep(200):find(('a-'):rep(60) .. 'b')";
        LuaState L = StandardLibraries.newState(new LuaHost(), LuaLimits.NONE.withTime(Duration.ofMillis(50)));
        assertThatThrownBy(() -> L.run(Chunk.load(L, script.getBytes(StandardCharsets.UTF_8), "=test")))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("time budget");
    }

    @Test
    void refusesToBuildWhatExceedsTheMemoryCeiling() {
        LuaState L = StandardLibraries.newState(new LuaHost(), LuaLimits.NONE.withAllocatedBytes(10_000_000));
        for (String script : new String[] {
            "return ('x'):rep(100000000)",
            "return ('x'):rep(1000000):gsub('x', ('y'):rep(100))",
            "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(5000) end return table.concat(t, ('y'):rep(3000000))",
        }) {
            assertThatThrownBy(() -> L.run(Chunk.load(L, script.getBytes(StandardCharsets.UTF_8), "=test")))
                    .isInstanceOf(LuaError.class)
                    .hasMessageContaining("not enough memory");
        }
    }

    private static String run(LuaHost host, String script) {
        LuaState L = StandardLibraries.newState(host, LuaLimits.NONE);
        Object results = L.run(Chunk.load(L, script.getBytes(StandardCharsets.UTF_8), "=test"));
        StringBuilder text = new StringBuilder();
        for (Object value : Results.all(results)) {
            text.append(text.isEmpty() ? "" : " ").append(L.tostring(value));
        }
        return text.toString();
    }
}
