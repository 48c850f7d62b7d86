package io.memroute.lua.analysis;

/**
 * A key that one table constructor gives twice: only the last value counts.
 *
 * @param key as the text has it, a number in brackets
 * @param line of the later one
 * @param firstLine of the one before
 */
public record DoubleKey(String key, int line, int firstLine) {}
