/**
 * The log, short lines for people on standard error, and what else is printed for them; and the errors in the log that
 * the process does not survive.
 */
@NullMarked
package io.memroute.app.log;

import org.jspecify.annotations.NullMarked;
