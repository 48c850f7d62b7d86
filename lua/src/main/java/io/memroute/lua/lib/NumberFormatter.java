package io.memroute.lua.lib;

import io.memroute.lua.LuaString;
import io.memroute.lua.text.NumberText;

/** Writes numbers as C Lua does. */
public final class NumberFormatter {

  private NumberFormatter() {}

  /** The float in the format {@code %.14g}, made to look like a float: {@code 1.0}, {@code 1e+100}, {@code inf}, {@code -nan}. */
  public static LuaString toLuaString(double d) {
    return LuaString.wrap(NumberText.bytes(d));
  }
}
