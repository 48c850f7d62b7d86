package io.memroute.lua.load;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaString;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Parser;
import io.memroute.lua.syntax.UpvalueDescription;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The format of {@code string.dump}: the header of C Lua 5.4 (ldump.c, dumpHeader), then a mark of our own, chunk name,
 * line, kind, the names of the upvalues, and the function's text.
 */
final class DumpFormat {
    private static final byte[] MARK = {'t', 'e', 'x', 't'};

    private static final int MAIN = 0;
    private static final int PLAIN = 1;
    private static final int METHOD = 2;

    private DumpFormat() {}

    private static byte[] header() {
        ByteBuffer b = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN);
        b.put((byte) 0x1b)
                .put((byte) 'L')
                .put((byte) 'u')
                .put((byte) 'a')
                .put((byte) 0x54)
                .put((byte) 0);
        b.put(new byte[] {0x19, (byte) 0x93, '\r', '\n', 0x1a, '\n'})
                .put((byte) 4)
                .put((byte) 8)
                .put((byte) 8);
        b.putLong(0x5678).putDouble(370.5);
        return b.array();
    }

    static LuaString write(FunctionBody body, boolean strip) {
        byte[] text = Arrays.copyOfRange(body.source.text(), body.textStart, body.textEnd);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header());
        out.writeBytes(MARK);
        bytes(out, strip ? new byte[] {'=', '?'} : body.source.name().bytes());
        integer(out, body.line);
        integer(out, body.isMain() ? MAIN : body.method ? METHOD : PLAIN);
        integer(out, body.upvalues.size());
        for (UpvalueDescription u : body.upvalues) {
            bytes(out, u.name().getBytes(StandardCharsets.ISO_8859_1));
        }
        bytes(out, text);
        return LuaString.wrap(out.toByteArray());
    }

    private static void integer(ByteArrayOutputStream out, int n) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(n).array());
    }

    private static void bytes(ByteArrayOutputStream out, byte[] bytes) {
        integer(out, bytes.length);
        out.writeBytes(bytes);
    }

    static FunctionBody read(byte[] dump, LuaString name, Chunk.Options options) {
        byte[] header = header();
        int n = Math.min(header.length, dump.length);
        if (!Arrays.equals(dump, 0, n, header, 0, n)) {
            throw bad(name, "bad binary format (version or format mismatch)");
        }
        if (dump.length < header.length + MARK.length) {
            throw bad(name, "truncated precompiled chunk");
        }
        ByteBuffer b = ByteBuffer.wrap(dump, header.length, dump.length - header.length);
        byte[] mark = new byte[MARK.length];
        b.get(mark);
        if (!Arrays.equals(mark, MARK)) {
            throw bad(name, "precompiled chunks of C Lua are not supported");
        }
        LuaString chunkName = LuaString.wrap(bytes(b, name));
        int line = integer(b, name);
        int kind = integer(b, name);
        int count = integer(b, name);
        List<String> upvalues = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            upvalues.add(new String(bytes(b, name), StandardCharsets.ISO_8859_1));
        }
        byte[] text = bytes(b, name);
        // Always open to inspection: scripts that dump functions are after their upvalues, too.
        if (kind == MAIN) {
            return Parser.parse(text, chunkName, options.budgeted(), true, options.meter());
        }
        return Parser.parseFunction(
                text, chunkName, line, kind == METHOD, upvalues, options.budgeted(), true, options.meter());
    }

    private static int integer(ByteBuffer b, LuaString name) {
        if (b.remaining() < 4) {
            throw bad(name, "truncated precompiled chunk");
        }
        return b.getInt();
    }

    private static byte[] bytes(ByteBuffer b, LuaString name) {
        int n = integer(b, name);
        if (n < 0 || n > b.remaining()) {
            throw bad(name, "truncated precompiled chunk");
        }
        byte[] bytes = new byte[n];
        b.get(bytes);
        return bytes;
    }

    private static LuaError bad(LuaString name, String problem) {
        return new LuaError(Chunk.displayName(name) + ": " + problem);
    }
}
