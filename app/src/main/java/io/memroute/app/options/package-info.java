/**
 * memcached's command line: its option letters, long names, {@code -o} words and listener syntax, with its error texts
 * and exit statuses.
 *
 * <p>Reading is pure: nothing here opens a socket, looks up a name or writes anything. The result is a
 * {@link io.memroute.app.options.ServerArguments}.
 */
package io.memroute.app.options;
