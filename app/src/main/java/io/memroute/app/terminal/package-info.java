/** The terminal that a command runs in: whether there is one, colours for it, and numbers as people read them. */
@NullMarked
package io.memroute.app.terminal;

import org.jspecify.annotations.NullMarked;
