/** The {@code lua} command, with C Lua's options, messages and exit status. */
@NullMarked
package io.memroute.lua.command;

import org.jspecify.annotations.NullMarked;
