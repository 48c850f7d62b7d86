/**
 * Functions written in Lua as executors keep them: a body, its upvalues and how generated classes refer to both. It
 * must not know the compiler, nor the interpreter.
 */
@NullMarked
package io.memroute.lua.code;

import org.jspecify.annotations.NullMarked;
