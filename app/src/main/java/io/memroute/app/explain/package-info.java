/**
 * The commands that answer questions about a configuration file: check, why, plan, test, show. Each reads its words,
 * asks {@code io.memroute.proxy.explain}, prints, and ends with a status that scripts can use; nothing is decided here.
 */
@NullMarked
package io.memroute.app.explain;

import org.jspecify.annotations.NullMarked;
