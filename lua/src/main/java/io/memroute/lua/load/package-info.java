/**
 * Makes functions of source text and of dumped functions, and reads from the Java stack where running code is. Knows
 * the compiler and the interpreter, and no library.
 */
package io.memroute.lua.load;
