/** The cost of each route handler to a request. */
@NullMarked
package io.memroute.bench.route;

import org.jspecify.annotations.NullMarked;
