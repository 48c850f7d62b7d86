/**
 * Runs syntax trees as they are: for code that runs once, for functions too big for a JVM method, and for code whose
 * frames scripts inspect. Of this package only {@link io.memroute.lua.interpret.Closures} knows the compiler: it
 * chooses which of the two makes a function.
 */
package io.memroute.lua.interpret;
