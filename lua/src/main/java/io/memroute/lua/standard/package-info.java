/** Opens the standard libraries; the entry for hosts: {@link io.memroute.lua.standard.StandardLibraries#newState()}. */
package io.memroute.lua.standard;
