/**
 * Lua's work on bytes: numbers to text and back, {@code printf} directives, patterns, {@code string.pack} formats,
 * UTF-8, calendar dates, the random number generator. Everything here works on {@code byte[]} ranges and Java numbers;
 * it knows no Lua values, no Lua state and no libraries, so each piece can be tested alone.
 *
 * <p>Behaviour and error texts follow the Lua 5.4 reference manual (sections 3.1, 3.4.3 and 6.4 to 6.9) and, where the
 * manual leaves it to C, the C99 library with glibc's choices in the "C" locale.
 */
@NullMarked
package io.memroute.lua.text;

import org.jspecify.annotations.NullMarked;
