package io.memroute.lua;

import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Parser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** The format of {@code string.dump}: the header of C Lua 5.4 (ldump.c, dumpHeader), then a mark of our own, chunk name, number of the function, and the chunk's text. */
final class DumpFormat {
  private static final byte[] MARK = {'t', 'e', 'x', 't'};

  private DumpFormat() {}

  private static byte[] header() {
    ByteBuffer b = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN);
    b.put((byte) 0x1b).put((byte) 'L').put((byte) 'u').put((byte) 'a').put((byte) 0x54).put((byte) 0);
    b.put(new byte[] {0x19, (byte) 0x93, '\r', '\n', 0x1a, '\n'}).put((byte) 4).put((byte) 8).put((byte) 8);
    b.putLong(0x5678).putDouble(370.5);
    return b.array();
  }

  static LuaString write(FunctionBody body, boolean strip) {
    byte[] name = strip ? new byte[] {'=', '?'} : body.source.name().bytes();
    byte[] text = body.source.text();
    byte[] header = header();
    ByteBuffer b = ByteBuffer.allocate(header.length + MARK.length + 12 + name.length + text.length);
    b.put(header).put(MARK).putInt(name.length).put(name).putInt(body.ordinal).putInt(text.length).put(text);
    return LuaString.wrap(b.array());
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
    int ordinal = integer(b, name);
    byte[] text = bytes(b, name);
    // Always open to inspection: scripts that dump functions are after their upvalues, too.
    List<FunctionBody> functions = Parser.functions(text, chunkName, options.budgeted(), true);
    if (ordinal < 0 || ordinal >= functions.size()) {
      throw bad(name, "bad binary format (no such function)");
    }
    return functions.get(ordinal);
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
