package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.text.ByteBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** The basic functions that make functions of source text: {@code load}, {@code loadfile}, {@code dofile}. */
final class LoadFunctions {

    private LoadFunctions() {}

    static void open(LuaState L) {
        for (LuaFunction f : new LuaFunction[] {new Load(), new LoadFile(), new DoFile()}) {
            L.globals().put(f.name(), f);
        }
    }

    /** A function of the text; throws what is wrong with it. */
    static LuaFunction compile(LuaState L, byte[] text, LuaString chunkName, String mode, Object env) {
        boolean binary = text.length > 0 && text[0] == Chunk.DUMP_SIGNATURE;
        String kind = binary ? "binary" : "text";
        if (!mode.contains(kind.substring(0, 1))) {
            throw new LuaError("attempt to load a " + kind + " chunk (mode is '" + mode + "')");
        }
        if (binary) {
            return Chunk.undump(text, chunkName, Chunk.Options.of(L), env);
        }
        return Chunk.compile(text, chunkName, Chunk.Options.of(L)).function(env);
    }

    /**
     * Reads a file, or standard input if none is named, without a first line that starts with '#'.
     *
     * @param function what reads it, as scripts call it
     */
    static byte[] read(LuaState L, String function, @Nullable LuaString file) {
        if (file == null) {
            return read(L, "stdin", L.host()::stdin);
        }
        String name = file.toString();
        return read(L, name, () -> Files.newInputStream(L.host().file(L, function, name, false)));
    }

    /** Opens what is to be read. */
    private interface Source {
        InputStream open() throws IOException;
    }

    private static byte[] read(LuaState L, String name, Source source) {
        // Standard input stays open.
        InputStream opened = null;
        try {
            opened = source.open();
            ByteBuilder text = new ByteBuilder(ByteStream.BUFFER_BYTES, L::reserve);
            byte[] buffer = new byte[ByteStream.BUFFER_BYTES];
            for (int n = opened.read(buffer); n >= 0; n = opened.read(buffer)) {
                text.append(buffer, 0, n);
            }
            return Chunk.withoutFirstComment(text.toByteArray());
        } catch (IOException e) {
            throw new LuaError("cannot open " + name + ": " + SystemError.of(e).message());
        } finally {
            close(L, opened);
        }
    }

    private static void close(LuaState L, InputStream in) {
        try {
            if (in != null && in != L.host().stdin()) {
                in.close();
            }
        } catch (IOException e) {
            // It has been read to its end, or the error that kept it from that is on its way.
        }
    }

    static LuaString chunkName(LuaString file) {
        return file == null ? LuaString.of("=stdin") : (LuaString) concat("@", file);
    }

    private static Object concat(String prefix, LuaString s) {
        byte[] bytes = new byte[prefix.length() + s.length()];
        for (int i = 0; i < prefix.length(); i++) {
            bytes[i] = (byte) prefix.charAt(i);
        }
        s.copyTo(0, bytes, prefix.length(), s.length());
        return LuaString.wrap(bytes);
    }

    private static final class Load extends VarFunction {
        Load() {
            super("load");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Object source = Args.at(args, 1);
            String mode = Args.optString(L, args, 3, LuaString.of("bt")).toString();
            Object env = args.length >= 4 ? args[3] : L.globals();
            try {
                if (source instanceof LuaString || source instanceof Long || source instanceof Double) {
                    LuaString text = Args.string(L, source, 1);
                    return compile(L, text.bytes(), Args.optString(L, args, 2, text), mode, env);
                }
                LuaString name = Args.optString(L, args, 2, LuaString.of("=(load)"));
                return compile(L, pieces(L, Args.function(L, args, 1)), name, mode, env);
            } catch (LuaError e) {
                if (e instanceof Args.BadArgument) {
                    throw e;
                }
                return Results.of(null, e.value());
            }
        }

        private static byte[] pieces(LuaState L, LuaFunction reader) {
            ByteBuilder out = new ByteBuilder(512, L::reserve);
            while (true) {
                L.charge(1);
                Object piece = Results.first(L.call(reader));
                if (piece == null || piece instanceof LuaString s && s.length() == 0) {
                    return out.toByteArray();
                }
                if (!(piece instanceof LuaString s)) {
                    throw new LuaError("reader function must return a string");
                }
                out.append(s.bytes());
            }
        }
    }

    private static final class LoadFile extends VarFunction {
        LoadFile() {
            super("loadfile");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            LuaString file = Args.optString(L, args, 1, null);
            String mode = Args.optString(L, args, 2, LuaString.of("bt")).toString();
            Object env = args.length >= 3 ? args[2] : L.globals();
            try {
                return compile(L, read(L, "loadfile", file), chunkName(file), mode, env);
            } catch (LuaError e) {
                return Results.of(null, e.value());
            }
        }
    }

    private static final class DoFile extends Function1 {
        DoFile() {
            super("dofile");
        }

        @Override
        public Object call(LuaState L, Object name) {
            LuaString file = Args.optString(L, name, 1, null);
            LuaFunction f = compile(L, read(L, "dofile", file), chunkName(file), "bt", L.globals());
            return L.call(f);
        }
    }
}
