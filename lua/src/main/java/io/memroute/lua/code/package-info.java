/**
 * Functions written in Lua as executors keep them: a body, its upvalues and how generated classes refer to both. Knows
 * neither the compiler nor the interpreter.
 */
package io.memroute.lua.code;
