/**
 * Makes functions of source text and of dumped functions, and reads from the Java stack where running code is. It joins
 * compiler and interpreter, and must not know the libraries.
 */
@NullMarked
package io.memroute.lua.load;

import org.jspecify.annotations.NullMarked;
