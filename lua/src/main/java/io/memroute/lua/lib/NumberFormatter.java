package io.memroute.lua.lib;

import io.memroute.lua.LuaString;

/** Writes numbers as C Lua does. */
public final class NumberFormatter {

  private NumberFormatter() {}

  /** The float in the format {@code %.14g}, made to look like a float: {@code 1.0}, {@code 1e+100}, {@code inf}, {@code -nan}. */
  public static LuaString toLuaString(double d) {
    if (Double.isNaN(d)) {
      return LuaString.of(Double.doubleToRawLongBits(d) < 0 ? "-nan" : "nan");
    }
    if (Double.isInfinite(d)) {
      return LuaString.of(d > 0 ? "inf" : "-inf");
    }
    if (d == Math.rint(d) && Math.abs(d) < 1e15) {
      return LuaString.of((d == 0 && 1 / d < 0 ? "-" : "") + (long) d + ".0");
    }
    return LuaString.of(Double.toString(d));
  }
}
