/** Cost of picking a backend: key hashes and distributions. */
@NullMarked
package io.memroute.bench.hash;

import org.jspecify.annotations.NullMarked;
