package io.memroute.lua.load;

import io.memroute.lua.LimitError;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaLimits;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.code.Cell;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Parser;
import io.memroute.lua.text.WorkMeter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A compiled piece of Lua source text, of no state: any number of states may run it at the same time. */
public final class Chunk {
    /** The first byte of dumped functions. */
    public static final int DUMP_SIGNATURE = 0x1b;

    /** Bytes of source text that are searched for names in the time of about one step of compiled code. */
    private static final int SEARCHED_PER_STEP = 8;

    private static final String HOOKING = "sethook";

    /**
     * Names whose use makes a chunk's frames open to inspection; {@link #HOOKING} does so too, unless the host has it
     * otherwise.
     */
    private static final String[] INSPECTING = {"getlocal", "setlocal", "setupvalue", "upvalueid", "upvaluejoin"};

    private final FunctionBody main;

    /**
     * Options of compiling.
     *
     * @param budgeted whether the code counts its steps, for {@link LuaLimits}
     * @param inspected whether the debug library may see variables and set hooks
     * @param hooks whether a text that mentions {@code debug.sethook} is open to inspection, too. A host that would
     *     rather have programs with an unused tracing mode run fast says no, and loads again if
     *     {@link LuaState#isInspected} tells that a hook was set
     * @param meter is told what compiling costs, in steps
     */
    public record Options(boolean budgeted, boolean inspected, boolean hooks, WorkMeter meter) {
        public Options(boolean budgeted, boolean inspected) {
            this(budgeted, inspected, true, WorkMeter.NONE);
        }

        /** Returns the options of what a script of the state loads, at the cost of the running entry. */
        public static Options of(LuaState L) {
            return new Options(L.limits().budgeted(), L.isInspected(), true, L.meter());
        }
    }

    private Chunk(FunctionBody main) {
        this.main = main;
    }

    /**
     * Compiles source text.
     *
     * @throws LuaError a syntax error, with Lua's message
     */
    public static Chunk compile(byte[] source, LuaString name, Options options) {
        options.meter.charge(source.length / SEARCHED_PER_STEP);
        boolean inspected = options.inspected || inspects(source, options.hooks);
        try {
            return new Chunk(Parser.parse(source, name, options.budgeted, inspected, options.meter));
        } catch (StackOverflowError e) {
            throw new LuaError(Parser.displayName(name) + ": chunk has too many syntax levels");
        }
    }

    /**
     * Compiles what is in a file, under the name that chunks of files have.
     *
     * @throws LuaError a syntax error, with Lua's message
     */
    public static Chunk ofFile(byte[] content, String file, Options options) {
        return compile(withoutFirstComment(content), LuaString.of("@" + file), options);
    }

    /**
     * Compiles what is in a file, for hosts: within a count, at its cost.
     *
     * @param hooks as {@link Options} say
     * @throws LuaError a syntax error, with Lua's message
     */
    public static Chunk ofFile(LuaState L, byte[] content, String file, boolean hooks) {
        try {
            return L.metered(
                    meter -> ofFile(content, file, new Options(L.limits().budgeted(), L.isInspected(), hooks, meter)));
        } catch (LimitError e) {
            throw e.at(displayName(LuaString.of("@" + file)) + ": ");
        }
    }

    /**
     * Makes a function of source text, with the state's globals as its environment.
     *
     * @param name as Lua's: {@code @file}, {@code =label}, or the text itself
     * @throws LuaError a syntax error
     */
    public static LuaFunction load(LuaState L, byte[] source, String name) {
        return compile(source, LuaString.of(name), Options.of(L)).function(L.globals());
    }

    /** A file's content without a byte order mark and without a first line that starts with '#'. */
    public static byte[] withoutFirstComment(byte[] content) {
        boolean mark = content.length >= 3
                && content[0] == (byte) 0xEF
                && content[1] == (byte) 0xBB
                && content[2] == (byte) 0xBF;
        int start = mark ? 3 : 0;
        if (start < content.length && content[start] == '#') {
            while (start < content.length && content[start] != '\n') {
                start++;
            }
            // The line end stays, so that lines are counted right, unless a binary chunk follows.
            if (start + 1 < content.length && content[start + 1] == DUMP_SIGNATURE) {
                start++;
            }
        }
        return start == 0 ? content : Arrays.copyOfRange(content, start, content.length);
    }

    private static boolean inspects(byte[] source, boolean hooks) {
        String text = new String(source, StandardCharsets.ISO_8859_1);
        if (!text.contains("debug")) {
            return false;
        }
        if (hooks && text.contains(HOOKING)) {
            return true;
        }
        for (String name : INSPECTING) {
            if (text.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the debug library may see its variables, and hooks what it does; it runs several times slower then. */
    public boolean inspected() {
        return main.debug;
    }

    /** A chunk's name as messages show it. */
    public static String displayName(LuaString name) {
        return Parser.displayName(name);
    }

    /**
     * The result of {@code string.dump} for a Lua function: its text behind C Lua's header. Unlike C Lua's it is safe
     * to load; C Lua's own are refused.
     *
     * @param strip leaves the chunk's name out
     */
    public static LuaString dump(LuaState L, LuaFunction function, boolean strip) {
        if (!(function instanceof Prototyped p)) {
            throw L.error("unable to dump given function");
        }
        return DumpFormat.write(p.body(), strip);
    }

    /** A function of what {@link #dump} gave; its upvalues are fresh, the first is {@code env}. */
    public static LuaFunction undump(byte[] dump, LuaString name, Options options, Object env) {
        FunctionBody body = DumpFormat.read(dump, name, options);
        @Nullable Object[] upvalues = new Object[body.upvalues.size()];
        for (int i = 0; i < upvalues.length; i++) {
            Object value = i == 0 ? env : null;
            upvalues[i] = body.upvalues.get(i).variable().needsCell() ? new Cell(value) : value;
        }
        return Executors.INSTANCE.of(body, upvalues);
    }

    /** A new function that runs the chunk, with {@code env} as the value of its {@code _ENV}. */
    public LuaFunction function(Object env) {
        boolean cell = main.upvalues.getFirst().variable().needsCell();
        return Executors.INSTANCE.of(main, new Object[] {cell ? new Cell(env) : env});
    }
}
