/**
 * Runs syntax trees as they are: for code that runs once, for functions too big for a JVM method, and for code whose
 * frames scripts inspect. It must not know the compiler; which of the two makes a closure is decided by
 * {@link io.memroute.lua.Chunk}.
 */
package io.memroute.lua.interpret;
