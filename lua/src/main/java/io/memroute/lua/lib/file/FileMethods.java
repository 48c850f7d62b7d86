package io.memroute.lua.lib.file;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.Function3;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Metatables;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.lib.ByteStream;
import io.memroute.lua.lib.ScratchBuffers;
import io.memroute.lua.lib.SystemError;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.NumberText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The methods of file handles and their metatable (manual section 6.8). */
final class FileMethods {
    /** The most formats an iterator of {@code lines} takes (MAXARGLINE). */
    private static final int MAX_LINE_FORMATS = 250;

    private static final String[] WHENCE = {"set", "cur", "end"};
    private static final String[] BUFFERING = {"no", "full", "line"};

    private FileMethods() {}

    /** The metatable that all file handles of a state share. */
    static LuaTable metatable() {
        LuaTable methods = new LuaTable();
        for (LuaFunction method : new LuaFunction[] {
            new Close(), new Flush(), new Lines(), new Read(), new Seek(), new SetVBuf(), new Write(),
        }) {
            methods.put(method.name(), method);
        }
        LuaTable meta = new LuaTable()
                .put("__name", LuaString.constant(FileHandle.TYPE))
                .put("__index", methods);
        LuaFunction finish = LuaFunction.of("close", (L, file) -> {
            FileHandle.check(L, file, 1).closeQuietly(L);
            return Results.NONE;
        });
        meta.put("__gc", finish).put("__close", finish);
        return meta.put(
                "__tostring",
                LuaFunction.of(
                        "tostring",
                        (L, file) -> FileHandle.check(L, file, 1).isClosed()
                                ? LuaString.of("file (closed)")
                                : LuaString.of("file (" + Metatables.identity(file) + ")")));
    }

    /**
     * The index in {@code names} of a string argument; {@code otherwise} is the name if it is missing, none if it must
     * be there.
     */
    static int option(LuaState L, Object value, int n, String[] names, @Nullable String otherwise) {
        String name = value == null && otherwise != null
                ? otherwise
                : Args.string(L, value, n).toString();
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        throw Args.bad(L, n, "invalid option '" + name + "'");
    }

    /** Writes {@code args[from..]} and returns {@code file}, or what failed. */
    static Object write(LuaState L, FileHandle file, Object[] args, int from, ScratchBuffers buffers) {
        ByteStream out = file.stream();
        ByteBuilder numeral = null;
        SystemError failure = null;
        for (int i = from; i < args.length; i++) {
            try {
                if (args[i] instanceof LuaString s) {
                    out.write(s.bytes(), 0, s.length());
                } else if (args[i] instanceof Long || args[i] instanceof Double) {
                    numeral = numeral == null ? buffers.take(L) : numeral;
                    numeral.clear();
                    if (args[i] instanceof Long n) {
                        NumberText.append(numeral, n.longValue());
                    } else {
                        NumberText.append(numeral, ((Double) args[i]).doubleValue());
                    }
                    out.write(numeral.array(), 0, numeral.length());
                } else {
                    Args.string(L, args[i], i + 1);
                }
            } catch (IOException e) {
                failure = failure == null ? SystemError.of(e) : failure;
            }
        }
        if (numeral != null) {
            buffers.give(numeral);
        }
        return failure == null ? file : failure.results(null);
    }

    static Object flush(FileHandle file) {
        try {
            file.stream().flush();
            return file;
        } catch (IOException e) {
            return SystemError.of(e).results(null);
        }
    }

    /** The iterator of {@code lines}: reads by {@code formats[from..]} at each call. */
    static LuaFunction lines(LuaState L, FileHandle file, Object[] formats, int from, boolean closeAtEnd) {
        if (formats.length - from > MAX_LINE_FORMATS) {
            throw Args.bad(L, MAX_LINE_FORMATS + 2, "too many arguments");
        }
        return LuaFunction.varargs("lines", (state, ignored) -> {
            if (file.isClosed()) {
                throw state.error("file is already closed");
            }
            Object result = FileReads.read(state, file.stream(), formats, from, 2 - from);
            if (Results.first(result) != null) {
                return result;
            }
            if (Results.count(result) > 1 && Results.get(result, 1) instanceof LuaString message) {
                throw state.error(message.toString());
            }
            if (closeAtEnd) {
                file.close(state);
            }
            return null;
        });
    }

    private static final class Close extends Function1 {
        Close() {
            super("close");
        }

        @Override
        public Object call(LuaState L, Object file) {
            return FileHandle.open(L, file, 1).close(L);
        }
    }

    private static final class Flush extends Function1 {
        Flush() {
            super("flush");
        }

        @Override
        public Object call(LuaState L, Object file) {
            return flush(FileHandle.open(L, file, 1));
        }
    }

    private static final class Lines extends VarFunction {
        Lines() {
            super("lines");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return lines(L, FileHandle.open(L, Args.at(args, 1), 1), args, 1, false);
        }
    }

    private static final class Read extends VarFunction {
        Read() {
            super("read");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return FileReads.read(L, FileHandle.open(L, Args.at(args, 1), 1).stream(), args, 1, 1);
        }
    }

    private static final class Write extends VarFunction {
        private final ScratchBuffers buffers = new ScratchBuffers();

        Write() {
            super("write");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return write(L, FileHandle.open(L, Args.at(args, 1), 1), args, 1, buffers);
        }
    }

    private static final class Seek extends Function3 {
        Seek() {
            super("seek");
        }

        @Override
        public Object call(LuaState L, Object file, Object whence, Object offset) {
            FileHandle handle = FileHandle.open(L, file, 1);
            int from = option(L, whence, 2, WHENCE, "cur");
            long distance = Args.optInteger(L, offset, 3, 0);
            try {
                return handle.stream().seek(from, distance);
            } catch (IOException e) {
                return SystemError.of(e).results(null);
            }
        }
    }

    private static final class SetVBuf extends Function3 {
        SetVBuf() {
            super("setvbuf");
        }

        @Override
        public Object call(LuaState L, Object file, Object mode, Object size) {
            FileHandle handle = FileHandle.open(L, file, 1);
            int option = option(L, mode, 2, BUFFERING, null);
            Args.optInteger(L, size, 3, 0);
            handle.stream()
                    .setBuffering(
                            switch (option) {
                                case 0 -> ByteStream.Buffering.NONE;
                                case 1 -> ByteStream.Buffering.FULL;
                                default -> ByteStream.Buffering.LINE;
                            });
            return Boolean.TRUE;
        }
    }
}
