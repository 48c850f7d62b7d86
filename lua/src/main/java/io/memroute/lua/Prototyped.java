package io.memroute.lua;

import io.memroute.lua.syntax.FunctionBody;

/** A function written in Lua: a body and its upvalues, however it is executed. */
public abstract class Prototyped extends LuaFunction {

  public abstract FunctionBody body();

  /** An upvalue as it is kept: a {@link Cell} if the variable needs one, else the value. */
  public abstract Object rawUpvalue(int index);

  public abstract void setRawUpvalue(int index, Object value);

  /** Another closure of the same body. */
  public abstract LuaFunction instantiate(Object[] upvalues);

  public final Object upvalue(int index) {
    return rawUpvalue(index) instanceof Cell c ? c.value : rawUpvalue(index);
  }

  public final void setUpvalue(int index, Object value) {
    if (rawUpvalue(index) instanceof Cell c) {
      c.value = value;
    } else {
      setRawUpvalue(index, value);
    }
  }

  @Override
  public final String name() {
    FunctionBody b = body();
    return b.source.displayName() + ":" + b.line;
  }
}
