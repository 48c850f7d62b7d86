package io.memroute.lua.lib;

import io.memroute.lua.text.NumberReader;

/** Reads numerals: decimal and hexadecimal, integers and floats. */
public final class NumberParser {

  private NumberParser() {}

  /** The {@code Long} or {@code Double} that the bytes {@code from} (inclusive) to {@code to} (exclusive) spell, white space around it allowed; null if they spell none. */
  public static Object parse(byte[] bytes, int from, int to) {
    return NumberReader.read(bytes, from, to - from);
  }
}
