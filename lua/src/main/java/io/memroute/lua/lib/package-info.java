/** The standard libraries: one file per library, and the reading and writing of numbers. Uses only the public embedding API, so that a host could replace any of it. */
package io.memroute.lua.lib;
