package io.memroute.lua.lib.file;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.lib.LuaLibrary;
import io.memroute.lua.lib.ScratchBuffers;
import io.memroute.lua.lib.SystemError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The {@code io} library (manual section 6.8). Which files may be opened, which programs run and what the standard
 * streams are is the host's choice ({@link LuaHost}).
 *
 * <p>A file that a script neither closes nor holds any longer is closed late, when the garbage collector finds it; a
 * host that is done with a state calls {@link #closeAll}.
 */
public final class IoLibrary implements LuaLibrary {
    private static final LuaString OPEN_FILES = LuaString.constant("_OPEN_FILES");
    private static final LuaString FILE = LuaString.constant("file");
    private static final LuaString CLOSED_FILE = LuaString.constant("closed file");
    private static final LuaString READ_MODE = LuaString.constant("r");

    @Override
    public String name() {
        return "io";
    }

    @Override
    public LuaTable open(LuaState L) {
        Streams streams = new Streams(L);
        LuaTable library = new LuaTable();
        for (LuaFunction function : new LuaFunction[] {
            LuaFunction.varargs("close", streams::close),
            LuaFunction.varargs("flush", streams::flush),
            LuaFunction.of("input", streams::setInput),
            LuaFunction.of("output", streams::setOutput),
            LuaFunction.varargs("lines", streams::lines),
            LuaFunction.of("open", streams::openFile),
            LuaFunction.of("popen", streams::popen),
            LuaFunction.varargs("read", streams::read),
            LuaFunction.varargs("tmpfile", streams::tmpFile),
            new Type(),
            LuaFunction.varargs("write", streams::write),
        }) {
            library.put(function.name(), function);
        }
        return library.put("stdin", streams.input)
                .put("stdout", streams.output)
                .put(
                        "stderr",
                        FileHandle.standard(
                                streams.meta, new PipeStream(null, L.host().stderr())));
    }

    /**
     * Writes out and closes the files that scripts of this state left open. For hosts, when they are done with a state.
     */
    public static void closeAll(LuaState L) {
        if (L.registry().get(OPEN_FILES) instanceof OpenFiles files) {
            files.closeAll();
        }
    }

    /** The files that the functions of one state share: the default ones, and the metatable of all. */
    private static final class Streams {
        final LuaTable meta;
        private final OpenFiles open = new OpenFiles();
        private final ScratchBuffers buffers = new ScratchBuffers();
        FileHandle input;
        FileHandle output;

        Streams(LuaState L) {
            meta = FileMethods.metatable();
            input = FileHandle.standard(meta, new PipeStream(L.host().stdin(), null));
            output = FileHandle.standard(meta, new PipeStream(null, L.host().stdout()));
            L.registry().put(OPEN_FILES, open);
        }

        FileHandle open(LuaState L, String function, LuaString name, String mode) throws IOException {
            Path path = Paths.resolve(L, function, name, !mode.startsWith("r") || mode.indexOf('+') > 0);
            return keep(FileHandle.ofFile(meta, ChannelStream.open(path, mode), open));
        }

        /** Opens a file for a function that has no error result. */
        FileHandle openOrFail(LuaState L, String function, LuaString name, String mode) {
            try {
                return open(L, function, name, mode);
            } catch (IOException e) {
                throw L.error(
                        "cannot open file '" + name + "' (" + SystemError.of(e).message() + ")");
            }
        }

        /** The argument as an open file; a string is the name of one to open. */
        FileHandle fileOrName(LuaState L, String function, Object file, String mode) {
            boolean isName = file instanceof LuaString || file instanceof Long || file instanceof Double;
            return isName ? openOrFail(L, function, Args.string(L, file, 1), mode) : FileHandle.open(L, file, 1);
        }

        FileHandle keep(FileHandle file) {
            open.add(file);
            return file;
        }

        FileHandle input(LuaState L) {
            if (input.isClosed()) {
                throw L.error("default input file is closed");
            }
            return input;
        }

        FileHandle output(LuaState L) {
            if (output.isClosed()) {
                throw L.error("default output file is closed");
            }
            return output;
        }

        Object close(LuaState L, Object[] args) {
            return FileHandle.open(L, args.length == 0 ? output : args[0], 1).close(L);
        }

        Object flush(LuaState L, Object[] args) {
            return FileMethods.flush(output(L));
        }

        Object setInput(LuaState L, Object file) {
            if (file != null) {
                input = fileOrName(L, "io.input", file, "r");
            }
            return input;
        }

        Object setOutput(LuaState L, Object file) {
            if (file != null) {
                output = fileOrName(L, "io.output", file, "w");
            }
            return output;
        }

        Object lines(LuaState L, Object[] args) {
            Object name = Args.at(args, 1);
            if (name == null) {
                return FileMethods.lines(L, FileHandle.open(L, input, 1), args, Math.min(args.length, 1), false);
            }
            FileHandle file = openOrFail(L, "io.lines", Args.string(L, name, 1), "r");
            return Results.of(new Object[] {FileMethods.lines(L, file, args, 1, true), null, null, file});
        }

        Object openFile(LuaState L, Object name, Object mode) {
            LuaString fileName = Args.string(L, name, 1);
            String text = Args.optString(L, mode, 2, READ_MODE).toString();
            if (!text.matches("[rwa]\\+?b?")) {
                throw Args.bad(L, 2, "invalid mode");
            }
            try {
                return open(L, "io.open", fileName, text);
            } catch (IOException e) {
                return SystemError.of(e).results(fileName);
            }
        }

        Object popen(LuaState L, Object command, Object mode) {
            LuaString text = Args.string(L, command, 1);
            String direction = Args.optString(L, mode, 2, READ_MODE).toString();
            if (!direction.equals("r") && !direction.equals("w")) {
                throw Args.bad(L, 2, "invalid mode");
            }
            if (!L.host().mayExecute(L, "io.popen", text.toString())) {
                throw L.error("'popen' not supported");
            }
            try {
                ProcessBuilder shell = Programs.shell(L, text);
                boolean reading = direction.equals("r");
                if (reading) {
                    shell.redirectOutput(ProcessBuilder.Redirect.PIPE);
                } else {
                    shell.redirectInput(ProcessBuilder.Redirect.PIPE);
                }
                Process process = shell.start();
                Programs.endInTime(L, process);
                PipeStream stream = reading
                        ? new PipeStream(process.getInputStream(), null)
                        : new PipeStream(null, process.getOutputStream());
                return keep(FileHandle.ofProcess(meta, stream, process, open));
            } catch (IOException e) {
                return SystemError.of(e).results(text);
            }
        }

        Object read(LuaState L, Object[] args) {
            return FileReads.read(L, input(L).stream(), args, 0, 1);
        }

        Object write(LuaState L, Object[] args) {
            return FileMethods.write(L, output(L), args, 0, buffers);
        }

        Object tmpFile(LuaState L, Object[] args) {
            try {
                Path path = Files.createTempFile(Paths.temporaryDirectory(L, "io.tmpfile"), "lua_", "");
                return keep(FileHandle.ofFile(meta, ChannelStream.temporary(path), open));
            } catch (IOException e) {
                return SystemError.of(e).results(null);
            }
        }
    }

    private static final class Type extends Function1 {
        Type() {
            super("type");
        }

        @Override
        public Object call(LuaState L) {
            throw Args.bad(L, 1, "value expected");
        }

        @Override
        public Object call(LuaState L, Object value) {
            return value instanceof FileHandle file ? (file.isClosed() ? CLOSED_FILE : FILE) : null;
        }
    }
}
