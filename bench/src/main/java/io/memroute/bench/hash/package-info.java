/** Cost of picking a backend: key hashes and distributions. */
package io.memroute.bench.hash;
