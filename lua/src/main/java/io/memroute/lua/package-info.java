/**
 * Lua 5.4 for the JVM: values, states, and what every function needs. Hosts start with
 * {@link io.memroute.lua.standard.StandardLibraries#newState()}.
 *
 * <p>Floors above this package, from below: {@code runtime} and {@code syntax}; {@code code}; {@code compile};
 * {@code interpret}; {@code load}; {@code lib}; {@code standard}; {@code command}. This package must not know them, nor
 * where source text comes from, nor who embeds it.
 */
package io.memroute.lua;
