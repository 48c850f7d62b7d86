package io.memroute.lua;

/** What the Java stack says about the Lua calls on it: places, names and tracebacks, found only when an error happens. */
final class CallStack {
  private CallStack() {}

  static boolean isLua(LuaFunction f) {
    return false;
  }

  /** {@code message} with the place of the innermost Lua call in front, if Lua called the Java function directly. */
  static LuaError error(LuaState L, String message) {
    return new LuaError(message);
  }

  static LuaString badArgumentMessage(LuaState L, int n, String problem) {
    return LuaString.of("bad argument #" + n + " to '?' (" + problem + ")");
  }

  static LuaError callError(LuaState L, Object f, boolean named) {
    return error(L, "attempt to call a " + Metatables.typeNameForMessages(L, f) + " value");
  }

  static LuaError indexError(LuaState L, Object object, Object key, boolean named) {
    return error(L, "attempt to index a " + Metatables.typeNameForMessages(L, object) + " value");
  }

  static LuaError operandError(LuaState L, Object value, int operand, String action) {
    return error(L, "attempt to " + action + " a " + Metatables.typeNameForMessages(L, value) + " value");
  }

  static LuaError integerError(LuaState L, int operand) {
    return error(L, "number has no integer representation");
  }
}
