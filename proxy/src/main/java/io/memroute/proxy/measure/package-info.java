/**
 * Measures requests on their way through one connection, to a client or to a server, and takes samples of them. The
 * numbers are kept in the counters of the worker.
 *
 * <p>Its classes are told what happens, and when: clients and backends call them, not the other way round.
 */
@NullMarked
package io.memroute.proxy.measure;

import org.jspecify.annotations.NullMarked;
