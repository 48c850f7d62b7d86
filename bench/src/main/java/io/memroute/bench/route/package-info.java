/** What each route handler costs a request. */
package io.memroute.bench.route;
