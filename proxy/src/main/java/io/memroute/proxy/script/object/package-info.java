/**
 * The objects of scripts, with their methods: requests, responses, backends, pools, rate limiters; and the functions of
 * the table {@code mcp} that take them. Knows neither the functions that serve requests nor how configurations are
 * loaded.
 *
 * @see "docs/reference/proxy-api.md section 3"
 */
@NullMarked
package io.memroute.proxy.script.object;

import org.jspecify.annotations.NullMarked;
