package io.memroute.lua.syntax;

/** A place in the source that running code can be at. */
public interface Site {
  int line();
}
