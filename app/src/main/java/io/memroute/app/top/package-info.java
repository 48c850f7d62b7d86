/**
 * {@code memroute top}: a live table of a running proxy in a terminal. What is shown is made of
 * {@link io.memroute.app.live.Live} as plain text; only {@link io.memroute.app.top.TopScreen} knows of the terminal.
 */
@NullMarked
package io.memroute.app.top;

import org.jspecify.annotations.NullMarked;
