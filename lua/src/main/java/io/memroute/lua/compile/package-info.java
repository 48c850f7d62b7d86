/**
 * Compiles syntax trees to JVM bytecode: one hidden class per Lua function, so that unreferenced code is unloaded.
 *
 * <p>A Lua function's code is a method of up to three parameters where it has so many, so that calls box no arguments.
 * Local variables are JVM locals; those that are provably always integers or always floats are primitive
 * ({@link io.memroute.lua.compile.Kinds}). Operators are emitted with the common cases inline, where the JIT sees each
 * place's own types, and a call to the runtime for the rest. The line number table maps code not to lines but to
 * {@link io.memroute.lua.syntax.Site}s, from which errors take lines and names.
 *
 * <p>It must not know the libraries, nor any state: compiled code is shared by all of them.
 */
@NullMarked
package io.memroute.lua.compile;

import org.jspecify.annotations.NullMarked;
