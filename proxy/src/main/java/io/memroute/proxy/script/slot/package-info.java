/**
 * Functions that serve requests: function generators, their slots with handles and waits, and routers that pick among
 * them. Everything here belongs to one {@link io.memroute.proxy.script.slot.WorkerState}. Knows neither files nor how
 * the state came about.
 *
 * @see "docs/reference/proxy-api.md sections 1.8 and 3.7 to 3.9"
 */
@NullMarked
package io.memroute.proxy.script.slot;

import org.jspecify.annotations.NullMarked;
