/** The {@code lua} command, with C Lua's options, messages and exit status. */
package io.memroute.lua.command;
