/** Cost and hit ratio of the embedded store. */
@NullMarked
package io.memroute.bench.store;

import org.jspecify.annotations.NullMarked;
