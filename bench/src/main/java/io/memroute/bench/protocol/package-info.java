/** The cost of parsing one request and one reply. */
@NullMarked
package io.memroute.bench.protocol;

import org.jspecify.annotations.NullMarked;
