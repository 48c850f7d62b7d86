package io.memroute.lua.command;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaLimits;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Metatables;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.lib.file.IoLibrary;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The {@code lua} command: runs a file, code from the command line or standard input, with C Lua's options (no
 * interactive mode), messages and exit status.
 */
public final class LuaCommand {
    /** Reserved, not committed: room for {@link #CALL_DEPTH} calls of functions with many variables. */
    private static final long STACK_BYTES = 1L << 30;

    /** The depth to which C Lua's limit of a million stack slots lets small functions go. */
    private static final int CALL_DEPTH = 190_000;

    private static final String USAGE = """
            usage: lua [options] [script [args]]
            Available options are:
              -e stat   execute string 'stat'
              -l mod    require library 'mod' into global 'mod'
              -l g=mod  require library 'mod' into global 'g'
              -v        show version information
              -E        ignore environment variables
              -W        turn warnings on
              --        stop handling options
              -         stop handling options and execute stdin
            """;

    private final String[] args;
    private final Host host = new Host();

    @SuppressWarnings("NullAway.Init") // execute() sets it first
    private LuaState L;

    private LuaCommand(String[] args) {
        this.args = args;
    }

    /** Ends the JVM with the status of {@link #run}. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs as the {@code lua} command would and returns its exit status. */
    public static int run(String[] args) {
        int[] status = {1};
        Thread thread = new Thread(null, () -> status[0] = new LuaCommand(args).execute(), "lua", STACK_BYTES);
        thread.start();
        while (true) {
            try {
                thread.join();
                return status[0];
            } catch (InterruptedException e) {
                thread.interrupt();
            }
        }
    }

    private static final class Exit extends Error {
        final int status;

        Exit(int status) {
            super(null, null, false, false);
            this.status = status;
        }
    }

    /**
     * The process itself: everything is allowed. Standard output is buffered and flushed when the command ends, and
     * before anything goes to standard error.
     */
    private static final class Host extends LuaHost {
        private final OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 13);
        private final OutputStream err = new FileOutputStream(FileDescriptor.err);

        @Override
        public OutputStream stdout() {
            return out;
        }

        @Override
        public OutputStream stderr() {
            flush();
            return err;
        }

        void flush() {
            try {
                out.flush();
            } catch (IOException e) {
                // There is no stream left for a message.
            }
        }

        @Override
        public void exit(LuaState L, int status) {
            throw new Exit(status);
        }

        @Override
        public boolean mayExecute(LuaState L, String function, String command) {
            return true;
        }
    }

    private int execute() {
        try {
            return executeOptions();
        } catch (Exit e) {
            return e.status;
        } finally {
            if (L != null) {
                IoLibrary.closeAll(L);
            }
            host.flush();
        }
    }

    private int usage(String option) {
        message(
                option.startsWith("-e") || option.startsWith("-l")
                        ? "'" + option + "' needs argument"
                        : "unrecognized option '" + option + "'");
        print(USAGE);
        return 1;
    }

    private void print(String text) {
        try {
            OutputStream err = host.stderr();
            err.write(text.getBytes(StandardCharsets.ISO_8859_1));
            err.flush();
        } catch (IOException e) {
            // There is no stream left for a message.
        }
    }

    private void message(String text) {
        print("lua: " + text + "\n");
    }

    private int executeOptions() {
        L = StandardLibraries.newState(host, LuaLimits.NONE.withCallDepth(CALL_DEPTH));
        int script = 0;
        boolean version = false;
        boolean code = false;
        for (; script < args.length; script++) {
            String a = args[script];
            if (!a.startsWith("-") || a.equals("-")) {
                break;
            }
            if (a.equals("--")) {
                script++;
                break;
            }
            if ((a.startsWith("-e") || a.startsWith("-l")) && a.length() == 2) {
                if (script + 1 >= args.length || args[script + 1].startsWith("-")) {
                    return usage(a);
                }
                script++;
                code |= a.startsWith("-e");
            } else if (a.startsWith("-e") || a.startsWith("-l")) {
                code |= a.startsWith("-e");
            } else if (a.equals("-v")) {
                version = true;
            } else if (!a.equals("-E") && !a.equals("-W") && !a.equals("-i")) {
                return usage(a);
            }
        }
        if (version) {
            print("Lua 5.4 (memroute, Java " + Runtime.version().feature() + ")\n");
        }
        LuaTable arg = new LuaTable();
        for (int i = 0; i < args.length; i++) {
            arg.put((long) i - script, LuaString.of(args[i]));
        }
        arg.put((long) -1 - script, LuaString.of("lua"));
        L.setGlobal("arg", arg);
        if (!runOptions(script)) {
            return 1;
        }
        if (script < args.length) {
            return runScript(script) ? 0 : 1;
        }
        return version || code || runStdin() ? 0 : 1;
    }

    private boolean runOptions(int script) {
        for (int i = 0; i < script; i++) {
            String a = args[i];
            if (a.equals("-W")) {
                L.call(L.global("warn"), LuaString.of("@on"));
            } else if (a.startsWith("-e") || a.startsWith("-l")) {
                String value = a.length() > 2 ? a.substring(2) : args[++i];
                if (!(a.startsWith("-e")
                        ? protectedly(() -> L.call(load(value.getBytes(StandardCharsets.UTF_8), "=(command line)")))
                        : require(value))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean require(String value) {
        int equals = value.indexOf('=');
        String global = equals < 0 ? value : value.substring(0, equals);
        String module = equals < 0 ? value : value.substring(equals + 1);
        return protectedly(() -> {
            Object loaded = Results.first(L.call(L.global("require"), LuaString.of(module)));
            L.setGlobal(global, loaded);
            return loaded;
        });
    }

    private LuaFunction load(byte[] text, String chunkName) {
        return Chunk.load(L, text, chunkName);
    }

    private boolean runScript(int script) {
        Object[] rest =
                Arrays.stream(args, script + 1, args.length).map(LuaString::of).toArray();
        String file = args[script];
        return protectedly(() -> {
            LuaFunction main;
            if (file.equals("-")) {
                Object r = L.call(L.global("loadfile"));
                main = loaded(r);
            } else {
                if (!Files.isReadable(Path.of(file))) {
                    throw new LuaError("cannot open " + file);
                }
                main = loaded(L.call(L.global("loadfile"), LuaString.of(file)));
            }
            return L.invoke(main, rest);
        });
    }

    private static LuaFunction loaded(Object results) {
        if (Results.first(results) instanceof LuaFunction f) {
            return f;
        }
        throw new LuaError(Results.get(results, 1));
    }

    private boolean runStdin() {
        return protectedly(() -> L.call(loaded(L.call(L.global("loadfile")))));
    }

    /**
     * Runs as a Java function, so that tracebacks end in {@code [C]: in ?}; false if it failed, which is then reported.
     */
    private boolean protectedly(java.util.function.Supplier<Object> body) {
        LuaFunction main = new VarFunction("main") {
            @Override
            public Object invoke(LuaState state, Object[] none) {
                return body.get();
            }
        };
        try {
            L.run(main);
            return true;
        } catch (LuaError e) {
            report(e);
            return false;
        }
    }

    private void report(LuaError e) {
        Object value = e.value();
        String text;
        if (value instanceof LuaString || value instanceof Long || value instanceof Double) {
            text = latin1(L.tostring(value));
        } else if (Metatables.metamethod(L, value, Metatables.TOSTRING) != null) {
            message(latin1(L.tostring(value)));
            return;
        } else {
            text = "(error object is a " + Metatables.typeName(value) + " value)";
        }
        message(e.traceback() == null ? text + "\nstack traceback:\n\t[C]: in ?" : text + "\n" + e.traceback());
        if (e.getCause() != null && System.getenv("LUA_JAVA_TRACE") != null) {
            e.getCause().printStackTrace();
        }
    }

    private static String latin1(LuaString s) {
        return new String(s.bytes(), StandardCharsets.ISO_8859_1);
    }
}
