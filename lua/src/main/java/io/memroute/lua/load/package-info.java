/**
 * Makes functions of source text and of dumped functions, and reads from the Java stack where running code is. It joins
 * compiler and interpreter, and must not know the libraries.
 */
package io.memroute.lua.load;
