/**
 * Lua 5.4 for the JVM: values, states, and what every function needs. Hosts start with
 * {@link io.memroute.lua.standard.StandardLibraries#newState()}.
 *
 * <p>A Lua value is an {@code Object}, and nil is the missing one. So the packages that handle values, namely this one,
 * {@code runtime}, {@code interpret} and {@code lib}, annotate with {@code @Nullable} only what is not a value; the
 * others are checked in full.
 *
 * <p>Floors above this package, from below: {@code runtime} and {@code syntax}; {@code code}; {@code compile};
 * {@code interpret}; {@code load}; {@code lib}; {@code standard}; {@code command}. This package must not know them, nor
 * where source text comes from, nor who embeds it.
 */
package io.memroute.lua;
