/**
 * Requests of a server to the operating system: signals, the background, a process id file, another user.
 *
 * <p>memcached does these with C calls; those that Java has no words for go through
 * {@link io.memroute.app.process.Posix}. Knows nothing of servers.
 */
@NullMarked
package io.memroute.app.process;

import org.jspecify.annotations.NullMarked;
