/** The cost of each route handler to a request. */
package io.memroute.bench.route;
