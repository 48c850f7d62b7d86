package io.memroute.lua.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own, as it is used. */
class LuaCommandTest {
    @TempDir
    Path directory;

    private record Outcome(int status, String out, String err) {}

    private Outcome lua(String stdin, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"));
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), LuaCommand.class.getName()));
        command.addAll(List.of(args));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process p = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        p.getOutputStream().write(stdin.getBytes(StandardCharsets.UTF_8));
        p.getOutputStream().close();
        return new Outcome(p.waitFor(), Files.readString(out), Files.readString(err));
    }

    @Test
    void runsAScriptWithItsArguments() throws Exception {
        Files.writeString(
                directory.resolve("a.lua"),
                "#!/usr/bin/lua\nprint(arg[0], arg[1], #arg, ...)\nprint(debug.getinfo(1).currentline)");
        assertThat(lua("", "a.lua", "x", "y")).isEqualTo(new Outcome(0, "a.lua\tx\t2\tx\ty\n3\n", ""));
    }

    @Test
    void reportsAnErrorWithTracebackAndStatus() throws Exception {
        Files.writeString(directory.resolve("b.lua"), "local function f() nothing.x = 1 end\nf()\n");
        assertThat(lua("", "b.lua"))
                .isEqualTo(new Outcome(
                        1,
                        "",
                        "lua: b.lua:1: attempt to index a nil value (global 'nothing')\nstack "
                                + "traceback:\n\tb.lua:1: in local 'f'\n\tb.lua:2: in main "
                                + "chunk\n\t[C]: in ?\n"));
    }

    @Test
    void runsStatementsAndStandardInput() throws Exception {
        assertThat(lua("", "-e", "x = 2", "-e", "print(x + 1)")).isEqualTo(new Outcome(0, "3\n", ""));
        assertThat(lua("print('in')", "-")).isEqualTo(new Outcome(0, "in\n", ""));
        Files.writeString(directory.resolve("m.lua"), "return { v = 7 }");
        assertThat(lua("", "-l", "m", "-e", "print(m.v)")).isEqualTo(new Outcome(0, "7\n", ""));
    }

    @Test
    void exitsWithTheStatusOfOsExit() throws Exception {
        assertThat(lua("", "-e", "io.write('partial') os.exit(5)")).isEqualTo(new Outcome(5, "partial", ""));
        assertThat(lua("", "-e", "pcall(os.exit, true)").status()).isZero();
        assertThat(lua("", "missing.lua"))
                .isEqualTo(new Outcome(1, "", "lua: cannot open missing.lua\nstack traceback:\n\t[C]: in ?\n"));
    }
}
