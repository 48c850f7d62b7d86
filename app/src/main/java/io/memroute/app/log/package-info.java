/** The log format: short lines for people, on standard error. */
package io.memroute.app.log;
