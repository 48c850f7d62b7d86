package io.memroute.lua.lib;

import java.nio.charset.StandardCharsets;

/** Reads numerals: decimal and hexadecimal, integers and floats. */
public final class NumberParser {

  private NumberParser() {}

  /** The {@code Long} or {@code Double} that the bytes {@code from} (inclusive) to {@code to} (exclusive) spell, white space around it allowed; null if they spell none. */
  public static Object parse(byte[] bytes, int from, int to) {
    String s = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).strip();
    boolean neg = s.startsWith("-");
    String body = neg || s.startsWith("+") ? s.substring(1) : s;
    try {
      if (body.regionMatches(true, 0, "0x", 0, 2)) {
        if (body.matches("0[xX][0-9a-fA-F]+")) {
          long v = 0;
          for (int i = 2; i < body.length(); i++) {
            v = v << 4 | Character.digit(body.charAt(i), 16);
          }
          return neg ? -v : v;
        }
        String h = body.toLowerCase();
        if (!h.contains("p")) {
          h += "p0";
        }
        double d = Double.parseDouble(h);
        return neg ? -d : d;
      }
      if (body.matches("[0-9]+")) {
        try {
          return Long.parseLong(s);
        } catch (NumberFormatException e) {
          return Double.parseDouble(s);
        }
      }
      if (body.matches("([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
        return Double.parseDouble(s);
      }
      return null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
