/** What it costs to parse one request and one reply. */
package io.memroute.bench.protocol;
