/**
 * Lua 5.4 for the JVM: values, states, the operations of the language on them, and the embedding API. Start with
 * {@link io.memroute.lua.LuaState}.
 *
 * <p>It must not know where source text comes from, nor who embeds it, nor any library beyond the JDK.
 */
package io.memroute.lua;
