/** Cost and hit ratio of the embedded store. */
package io.memroute.bench.store;
