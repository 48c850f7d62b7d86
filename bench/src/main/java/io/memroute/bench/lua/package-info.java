/**
 * The Lua runtime against LuaJ, and what suspending costs. The programs are Lua 5.1, which both understand; they stand
 * next to this package as resources.
 */
@NullMarked
package io.memroute.bench.lua;

import org.jspecify.annotations.NullMarked;
