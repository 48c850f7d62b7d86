/**
 * The libraries {@code io} and {@code os}: files, pipes, programs, dates. Asks the {@link io.memroute.lua.LuaHost} what
 * a script may touch.
 */
package io.memroute.lua.lib.file;
