/**
 * The standard libraries: one file per library, with the larger functions in files of their own. What they do to bytes
 * is in {@code io.memroute.lua.text}; here are arguments, results, metamethods, limits and the host. Uses only the
 * public embedding API, so that a host could replace any of it.
 */
package io.memroute.lua.lib;
