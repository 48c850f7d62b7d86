/**
 * The log format, short lines for people on standard error; and the errors in the log that the process does not
 * survive.
 */
package io.memroute.app.log;
