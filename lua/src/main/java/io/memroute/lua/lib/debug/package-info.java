/** The library {@code debug}: levels of the stack, variables, hooks. */
package io.memroute.lua.lib.debug;
