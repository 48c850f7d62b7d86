package io.memroute.lua.lib.file;

import io.memroute.lua.Args;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.lua.lib.ByteStream;
import io.memroute.lua.lib.SystemError;
import java.io.IOException;

/** The userdata that scripts know as a file ({@code FILE*}). */
final class FileHandle extends LuaUserdata {
    /** The name of the type in messages and in the registry of C Lua (LUA_FILEHANDLE). */
    static final String TYPE = "FILE*";

    private static final LuaString STANDARD = LuaString.constant("cannot close standard file");

    private final ByteStream stream;
    private final Process process;
    private final OpenFiles siblings;
    private boolean closed;

    private FileHandle(LuaTable meta, ByteStream stream, Process process, OpenFiles siblings) {
        super(meta);
        this.stream = stream;
        this.process = process;
        this.siblings = siblings;
    }

    static FileHandle ofFile(LuaTable meta, ByteStream stream, OpenFiles siblings) {
        return new FileHandle(meta, stream, null, siblings);
    }

    /** The input or output of a program; closing waits for it and gives its exit status. */
    static FileHandle ofProcess(LuaTable meta, ByteStream stream, Process process, OpenFiles siblings) {
        return new FileHandle(meta, stream, process, siblings);
    }

    /** A stream of the host, which scripts cannot close. */
    static FileHandle standard(LuaTable meta, ByteStream stream) {
        return new FileHandle(meta, stream, null, null);
    }

    /** The argument as a file, open or closed. */
    static FileHandle check(LuaState L, Object value, int n) {
        return Args.userdata(L, value, n, FileHandle.class, TYPE);
    }

    /** The argument as an open file. */
    static FileHandle open(LuaState L, Object value, int n) {
        FileHandle file = check(L, value, n);
        if (file.closed) {
            throw L.error("attempt to use a closed file");
        }
        return file;
    }

    boolean isClosed() {
        return closed;
    }

    ByteStream stream() {
        return stream;
    }

    /** Closes the file; returns what {@code file:close} does. */
    Object close(LuaState L) {
        if (siblings == null) {
            return Results.of(null, STANDARD);
        }
        closed = true;
        siblings.remove(stream);
        try {
            stream.close();
        } catch (IOException e) {
            if (process == null) {
                return SystemError.of(e).results(null);
            }
        }
        return process == null ? (Object) Boolean.TRUE : Programs.waitFor(L, process);
    }

    /** Closes what is to be closed without a result: for {@code __gc} and {@code __close}. */
    void closeQuietly(LuaState L) {
        if (!closed && siblings != null) {
            close(L);
        }
    }
}
