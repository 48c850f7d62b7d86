/**
 * Runs syntax trees as they are: for code that runs once, for functions too big for a JVM method, and for code whose
 * frames scripts inspect. It must not know the compiler; {@link io.memroute.lua.code.Closures} make the functions
 * inside a function.
 */
package io.memroute.lua.interpret;
