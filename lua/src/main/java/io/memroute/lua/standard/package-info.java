/** Opens the standard libraries; the entry for hosts: {@link io.memroute.lua.standard.StandardLibraries#newState()}. */
@NullMarked
package io.memroute.lua.standard;

import org.jspecify.annotations.NullMarked;
