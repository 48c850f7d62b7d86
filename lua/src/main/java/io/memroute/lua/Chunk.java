package io.memroute.lua;

/** A compiled piece of Lua source text, of no state: any number of states may run it at the same time. */
public final class Chunk {

  /** How to compile. */
  public record Options(boolean budgeted) {
    public static Options of(LuaState L) {
      return new Options(L.limits().budgeted());
    }
  }

  private Chunk() {}

  /**
   * Compiles source text.
   *
   * @throws LuaError a syntax error, with Lua's message
   */
  public static Chunk compile(byte[] source, LuaString name, Options options) {
    throw new UnsupportedOperationException("not there yet");
  }

  LuaFunction instantiate(LuaState L, Object env) {
    throw new UnsupportedOperationException("not there yet");
  }
}
