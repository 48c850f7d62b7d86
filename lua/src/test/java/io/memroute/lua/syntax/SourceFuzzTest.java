package io.memroute.lua.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaLimits;
import io.memroute.lua.LuaState;
import io.memroute.lua.lib.StringLibrary;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random and damaged source text: it loads or is a Lua error, and what loads runs to an end or into its budget. A
 * failure names the seed of the text.
 */
class SourceFuzzTest {
    private static final LuaLimits LIMITS = LuaLimits.NONE
            .withCallDepth(150)
            .withSteps(20_000)
            .withTime(Duration.ofSeconds(2))
            .withAllocatedBytes(32 << 20);
    private static final String[] WORDS = {
        "and",
        "break",
        "do",
        "else",
        "elseif",
        "end",
        "false",
        "for",
        "function",
        "goto",
        "if",
        "in",
        "local",
        "nil",
        "not",
        "or",
        "repeat",
        "return",
        "then",
        "true",
        "until",
        "while",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "^",
        "#",
        "&",
        "~",
        "|",
        "<<",
        ">>",
        "==",
        "~=",
        "<=",
        ">=",
        "<",
        ">",
        "=",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "::",
        ";",
        ":",
        ",",
        ".",
        "..",
        "...",
        "a",
        "b",
        "c",
        "x",
        "f",
        "t",
        "print",
        "pcall",
        "setmetatable",
        "_ENV",
        "<const>",
        "<close>",
        "1",
        "2",
        "0",
        "3.5",
        "0x1p4",
        "1e309",
        "'s'",
        "\"a\\n\"",
        "[[long]]",
        "--[[c]]",
        "--c\n",
        "\n",
        "0x",
        "'",
        "\"",
        "[=[",
        "\\",
        "@",
        "!",
        "\u00ff",
        "\0",
        "1..2",
        "'\\u{7fffffff}'",
        "'\\z  '",
        "'\\x4'",
        "'\\300'",
    };
    private static final String[] SNIPPETS = {
        "local a <const>, b = 1, 2 ",
        "for i = 1, 3 do a = i end ",
        "for k, v in pairs(t or {}) do b = k end ",
        "if a then b = 1 elseif c then b = 2 else b = 3 end ",
        "while x do break end ",
        "repeat local y = 1 until y ",
        "local function f(...) return ... end ",
        "goto l ::l:: ",
        "t = {1, 2, x = 3, [a or 1] = 4, f(), ...} ",
        "a.b.c = a[b](c):d('e') ",
        "return a, f(...) ",
        "do local z <close> = nil end ",
        "x = function(a, b) return a + b end ",
        "f{1}'s'(2) ",
        "a, b = b, a ",
        "x = a and b or not c ",
        "x = -a ^ 2 .. b // 1 ",
    };

    @Test
    void survivesRandomWords() {
        for (long seed = 1; seed <= 15_000; seed++) {
            Random random = new Random(seed);
            StringBuilder source = new StringBuilder();
            for (int i = random.nextInt(25); i > 0; i--) {
                source.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(8) == 0 ? "" : " ");
            }
            load(source.toString().getBytes(StandardCharsets.ISO_8859_1), seed);
        }
    }

    @Test
    void survivesDamagedPrograms() {
        for (long seed = 1; seed <= 4_000; seed++) {
            Random random = new Random(seed);
            StringBuilder source = new StringBuilder();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                source.append(SNIPPETS[random.nextInt(SNIPPETS.length)]);
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                int at = random.nextInt(source.length());
                switch (random.nextInt(3)) {
                    case 0 -> source.deleteCharAt(at);
                    case 1 -> source.insert(at, " " + WORDS[random.nextInt(WORDS.length)] + " ");
                    default -> source.setCharAt(at, (char) random.nextInt(128));
                }
            }
            load(source.toString().getBytes(StandardCharsets.ISO_8859_1), seed);
        }
    }

    @Test
    void survivesRandomBytesInRealScripts() throws IOException {
        for (String name : new String[] {"strings", "patterns", "tables", "numbers"}) {
            byte[] script;
            try (InputStream in = StringLibrary.class.getResourceAsStream(name + ".lua")) {
                script = in.readAllBytes();
            }
            for (long seed = 1; seed <= 100; seed++) {
                Random random = new Random(seed);
                byte[] damaged = script.clone();
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    damaged[random.nextInt(damaged.length)] = (byte)
                            (random.nextInt(3) == 0 ? random.nextInt() : "()[]{}=\"'\n,;-.".charAt(random.nextInt(14)));
                }
                load(damaged, seed);
            }
        }
    }

    @Test
    void refusesNestingWithoutEnd() {
        for (String deep : new String[] {
            "(",
            "{",
            "[[",
            "f(",
            "a.b[",
            "function() ",
            "do ",
            "if a then ",
            "-",
            "not ",
            "1 + (",
            "x = {{",
            "while x do ",
            "a = b .. ",
            "for i = 1, 2 do ",
            "2 ^ ",
        }) {
            load(deep.repeat(50_000).getBytes(StandardCharsets.ISO_8859_1), 0);
            load(("return " + deep.repeat(50_000)).getBytes(StandardCharsets.ISO_8859_1), 0);
        }
    }

    private static void load(byte[] source, long seed) {
        LuaState L = StandardLibraries.newState(new NothingOutside(), LIMITS);
        try {
            LuaFunction chunk = Chunk.load(L, source, "=fuzz");
            L.run(chunk);
        } catch (LuaError e) {
            assertThat(e.getMessage()).as("seed %d: %s", seed, text(source)).doesNotContain("internal error");
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed + ": " + text(source), t);
        }
    }

    private static String text(byte[] source) {
        return new String(source, 0, Math.min(source.length, 300), StandardCharsets.ISO_8859_1);
    }

    /** No files and no output: a random program must not reach the machine. */
    private static final class NothingOutside extends LuaHost {
        @Override
        public Path file(LuaState L, String function, String name, boolean write) throws IOException {
            throw new IOException("Permission denied");
        }

        @Override
        public OutputStream stdout() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public OutputStream stderr() {
            return OutputStream.nullOutputStream();
        }
    }
}
