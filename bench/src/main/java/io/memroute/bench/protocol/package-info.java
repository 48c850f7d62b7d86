/** The cost of parsing one request and one reply. */
package io.memroute.bench.protocol;
